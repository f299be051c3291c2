// The entry points of the CUDA driver that the binding uses, over host memory and the emulation of kernels. Work is done
// at once, in the order of the calls, one call at a time. README.md lists the faults that can be armed.

#include "emulation.h"

#include "../../main/cuda/job.cuh"

#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#define API extern "C" __attribute__((visibility("default")))

namespace {

enum Result {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  NOT_INITIALIZED = 3,
  NO_DEVICE = 100,
  INVALID_DEVICE = 101,
  INVALID_CONTEXT = 201,
  ECC_UNCORRECTABLE = 214,
  INVALID_PTX = 218,
  UNSUPPORTED_PTX_VERSION = 222,
  INVALID_HANDLE = 400,
  NOT_FOUND = 500,
  ILLEGAL_ADDRESS = 700,
  LAUNCH_OUT_OF_RESOURCES = 701
};

struct Text {
  const char* name;
  const char* text;
};

const std::map<int, Text> TEXTS = {
    {SUCCESS, {"CUDA_SUCCESS", "no error"}},
    {INVALID_VALUE, {"CUDA_ERROR_INVALID_VALUE", "invalid argument"}},
    {OUT_OF_MEMORY, {"CUDA_ERROR_OUT_OF_MEMORY", "out of memory"}},
    {NOT_INITIALIZED, {"CUDA_ERROR_NOT_INITIALIZED", "initialization error"}},
    {NO_DEVICE, {"CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"}},
    {INVALID_DEVICE, {"CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"}},
    {INVALID_CONTEXT, {"CUDA_ERROR_INVALID_CONTEXT", "invalid device context"}},
    {ECC_UNCORRECTABLE, {"CUDA_ERROR_ECC_UNCORRECTABLE", "uncorrectable ECC error encountered"}},
    {INVALID_PTX, {"CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"}},
    {UNSUPPORTED_PTX_VERSION,
     {"CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "the provided PTX was compiled with an unsupported toolchain."}},
    {INVALID_HANDLE, {"CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"}},
    {NOT_FOUND, {"CUDA_ERROR_NOT_FOUND", "named symbol not found"}},
    {ILLEGAL_ADDRESS, {"CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"}},
    {LAUNCH_OUT_OF_RESOURCES, {"CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"}},
};

const std::set<std::string> FAULTS = {"no_device",       "driver_version",  "unsupported_ptx",      "invalid_ptx",
                                      "capability",      "shared_memory",   "devices",              "memory",
                                      "out_of_memory",   "launch_failure",  "pinned_out_of_memory", "illegal_address",
                                      "ecc",             "slow_copies",     "roomy_device"};

struct Module {
  std::string ptx;
};

struct Function {
  const Entry* entry;
  int sharedBytes = 48 << 10;
};

struct Event {
  std::chrono::steady_clock::time_point when;
  bool keepsTime = false;
  bool isRecorded = false;
};

/** Everything that one process has done to the driver. */
struct Driver {
  std::recursive_mutex mutex;
  bool initialised = false;
  std::map<std::string, long long> faults;
  int sticky = SUCCESS;
  std::map<char*, size_t> device;
  std::map<char*, size_t> pinned;
  std::map<std::string, long long> counts;
  std::set<void*> modules;
  std::set<void*> streams;
  std::set<void*> events;
  std::map<std::string, Function> functions;
  int retained[16] = {};

  Driver() {
    const char* armed = std::getenv("LOSS4J_FAKE_FAULTS");
    std::string rest = armed == nullptr ? "" : armed;
    while (!rest.empty()) {
      size_t comma = rest.find(',');
      std::string one = rest.substr(0, comma);
      size_t equals = one.find('=');
      faults[one.substr(0, equals)] = equals == std::string::npos ? 1 : std::atoll(one.c_str() + equals + 1);
      rest = comma == std::string::npos ? "" : rest.substr(comma + 1);
    }
  }

  long long setting(const char* name, long long otherwise) {
    auto found = faults.find(name);
    return found == faults.end() ? otherwise : found->second;
  }

  /** Counts an armed fault down; true when its turn has come. */
  bool strikes(const char* name) {
    auto found = faults.find(name);
    if (found == faults.end() || --found->second > 0) {
      return false;
    }
    faults.erase(found);
    return true;
  }

  size_t bytes(const std::map<char*, size_t>& blocks) {
    size_t sum = 0;
    for (const auto& block : blocks) {
      sum += block.second;
    }
    return sum;
  }

  long long memory() { return setting("memory", 1ll << 30); }
};

Driver& driver() {
  static Driver* instance = new Driver();  // outlives threads that end after main
  return *instance;
}

thread_local std::string currentContext;  // empty: none; else the number of its device

using Lock = std::lock_guard<std::recursive_mutex>;

/** The bytes from an address to the end of the block that it lies in, or 0. */
size_t room(const std::map<char*, size_t>& blocks, void* address) {
  auto after = blocks.upper_bound(static_cast<char*>(address));
  if (after == blocks.begin()) {
    return 0;
  }
  auto block = std::prev(after);
  size_t offset = static_cast<char*>(address) - block->first;
  return offset < block->second ? block->second - offset : 0;
}

/** What most calls answer before they do anything. */
Result entered(bool needsContext) {
  Driver& d = driver();
  if (!d.initialised) {
    return NOT_INITIALIZED;
  }
  if (d.sticky != SUCCESS) {
    return (Result)d.sticky;
  }
  return needsContext && currentContext.empty() ? INVALID_CONTEXT : SUCCESS;
}

#define ENTER(needsContext) \
  Lock lock(driver().mutex); \
  [[maybe_unused]] Driver& d = driver(); \
  if (Result refused = entered(needsContext)) { \
    return refused; \
  }

bool valid(const std::set<void*>& handles, void* handle) { return handles.count(handle) != 0; }

template <class T>
Result make(std::set<void*>& handles, void** handle) {
  *handle = new T();
  handles.insert(*handle);
  return SUCCESS;
}

template <class T>
Result destroy(std::set<void*>& handles, void* handle) {
  if (handles.erase(handle) == 0) {
    return INVALID_HANDLE;
  }
  delete static_cast<T*>(handle);
  return SUCCESS;
}

struct Stream {};

Result allocate(std::map<char*, size_t>& blocks, void** address, size_t bytes) {
  if (bytes == 0) {
    return INVALID_VALUE;
  }
  // At least 256-byte boundaries, as cuMemAlloc gives; filled so that nothing relies on zeros.
  void* block = nullptr;
  if (posix_memalign(&block, 512, bytes) != 0) {
    return OUT_OF_MEMORY;
  }
  std::memset(block, 0xa5, bytes);
  blocks[static_cast<char*>(block)] = bytes;
  *address = block;
  return SUCCESS;
}

Result release(std::map<char*, size_t>& blocks, void* address) {
  if (blocks.erase(static_cast<char*>(address)) == 0) {
    return INVALID_VALUE;
  }
  std::free(address);
  return SUCCESS;
}

Result copy(Driver& d, void* to, const void* from, size_t bytes, bool onDevice, void* stream) {
  if (!onDevice || (stream != nullptr && !valid(d.streams, stream))) {
    return onDevice ? INVALID_HANDLE : INVALID_VALUE;
  }
  std::memcpy(to, from, bytes);
  d.counts["copies"]++;
  d.counts["copied_bytes"] += bytes;
  std::this_thread::sleep_for(std::chrono::microseconds(d.setting("slow_copies", 0)));
  return SUCCESS;
}

/** Whether the PTX of any loaded module has such an entry. */
bool isDeclared(const Module& module, const std::string& name) {
  size_t at = module.ptx.find(".entry " + name);
  return at != std::string::npos && !std::isalnum(module.ptx[at + 7 + name.size()]) &&
         module.ptx[at + 7 + name.size()] != '_';
}

}  // namespace

API void loss4j_fake_reset() {
  Lock lock(driver().mutex);
  driver().faults.clear();
  driver().sticky = SUCCESS;
  driver().counts.clear();
}

API int loss4j_fake_fault(const char* name, long long n) {
  Lock lock(driver().mutex);
  if (FAULTS.count(name) == 0) {
    return 1;
  }
  driver().faults[name] = n;
  return 0;
}

API long long loss4j_fake_count(const char* name) {
  Lock lock(driver().mutex);
  Driver& d = driver();
  std::string which = name;
  if (which == "device_bytes" || which == "device_allocations") {
    return which == "device_bytes" ? d.bytes(d.device) : d.device.size();
  } else if (which == "pinned_bytes" || which == "pinned_allocations") {
    return which == "pinned_bytes" ? d.bytes(d.pinned) : d.pinned.size();
  } else if (which == "modules") {
    return d.modules.size();
  } else if (which == "streams") {
    return d.streams.size();
  } else if (which == "events") {
    return d.events.size();
  } else if (which == "contexts") {
    long long sum = 0;
    for (int retained : d.retained) {
      sum += retained;
    }
    return sum;
  } else if (which == "launches" || which == "copies" || which == "copied_bytes" ||
             which == "leaked_allocations") {
    return d.counts[which];
  }
  return -1;
}

API int cuInit(unsigned) {
  Lock lock(driver().mutex);
  if (driver().setting("no_device", 0)) {
    return NO_DEVICE;
  }
  driver().initialised = true;
  return SUCCESS;
}

API int cuDriverGetVersion(int* version) {
  Lock lock(driver().mutex);
  *version = (int)driver().setting("driver_version", 13000);
  return SUCCESS;
}

API int cuGetErrorName(int result, const char** name) {
  auto found = TEXTS.find(result);
  *name = found == TEXTS.end() ? nullptr : found->second.name;
  return found == TEXTS.end() ? INVALID_VALUE : SUCCESS;
}

API int cuGetErrorString(int result, const char** text) {
  auto found = TEXTS.find(result);
  *text = found == TEXTS.end() ? nullptr : found->second.text;
  return found == TEXTS.end() ? INVALID_VALUE : SUCCESS;
}

API int cuDeviceGetCount(int* count) {
  ENTER(false)
  *count = (int)d.setting("devices", 1);
  return SUCCESS;
}

API int cuDeviceGet(int* device, int ordinal) {
  ENTER(false)
  *device = ordinal;
  return ordinal >= 0 && ordinal < d.setting("devices", 1) ? SUCCESS : INVALID_DEVICE;
}

API int cuDeviceGetName(char* name, int length, int device) {
  ENTER(false)
  std::string text = "Emulated GPU " + std::to_string(device);
  std::strncpy(name, text.c_str(), length);
  name[length - 1] = 0;
  return SUCCESS;
}

API int cuDeviceTotalMem_v2(size_t* bytes, int) {
  ENTER(false)
  *bytes = d.memory();
  return SUCCESS;
}

API int cuDeviceGetAttribute(int* value, int attribute, int) {
  ENTER(false)
  int capability = (int)d.setting("capability", 90);
  const std::map<int, int> attributes = {
      {1, 1024},                                // threads per block
      {8, 48 << 10},                            // shared memory per block
      {10, 32},                                 // warp size
      {13, 1500000},                            // clock in kHz
      {16, 4},                                  // multiprocessors
      {36, 1000000},                            // memory clock in kHz
      {37, 256},                                // memory bus in bits
      {39, 2048},                               // threads per multiprocessor
      {41, 1},                                  // unified addressing
      {75, capability / 10},
      {76, capability % 10},
      {81, 233472},                             // shared memory per multiprocessor
      {97, (int)d.setting("shared_memory", 232448)},  // shared memory that a block may opt in to
  };
  auto found = attributes.find(attribute);
  *value = found == attributes.end() ? 0 : found->second;
  return SUCCESS;
}

API int cuDevicePrimaryCtxRetain(void** context, int device) {
  ENTER(false)
  if (device < 0 || device >= d.setting("devices", 1)) {
    return INVALID_DEVICE;
  }
  d.retained[device]++;
  *context = reinterpret_cast<void*>((long long)device + 1);
  return SUCCESS;
}

API int cuDevicePrimaryCtxRelease_v2(int device) {
  Lock lock(driver().mutex);
  Driver& d = driver();
  if (d.retained[device] == 0) {
    return INVALID_CONTEXT;
  }
  if (--d.retained[device] == 0) {
    // The end of the context is the end of all that was made in it.
    d.counts["leaked_allocations"] += d.device.size() + d.pinned.size();
    for (auto* blocks : {&d.device, &d.pinned}) {
      for (const auto& block : *blocks) {
        std::free(block.first);
      }
      blocks->clear();
    }
    for (void* module : d.modules) {
      delete static_cast<Module*>(module);
    }
    for (void* stream : d.streams) {
      delete static_cast<Stream*>(stream);
    }
    for (void* event : d.events) {
      delete static_cast<Event*>(event);
    }
    d.modules.clear();
    d.streams.clear();
    d.events.clear();
    d.functions.clear();
    d.sticky = SUCCESS;
  }
  return SUCCESS;
}

API int cuCtxSetCurrent(void* context) {
  Lock lock(driver().mutex);
  currentContext = context == nullptr ? "" : std::to_string(reinterpret_cast<long long>(context) - 1);
  return entered(false);
}

API int cuCtxGetCurrent(void** context) {
  Lock lock(driver().mutex);
  *context = currentContext.empty() ? nullptr : reinterpret_cast<void*>(std::stoll(currentContext) + 1);
  return entered(false);
}

API int cuCtxGetDevice(int* device) {
  ENTER(true)
  *device = std::stoi(currentContext);
  return SUCCESS;
}

API int cuCtxSynchronize() { return entered(true); }

API int cuModuleLoadDataEx(void** module, const void* image, unsigned count, const int* options, void** values) {
  ENTER(true)
  Result result = d.faults.count("unsupported_ptx") ? UNSUPPORTED_PTX_VERSION
                  : d.faults.count("invalid_ptx")   ? INVALID_PTX
                                                    : SUCCESS;
  std::string text = static_cast<const char*>(image);
  if (text.find(".version") == std::string::npos || text.find(".target") == std::string::npos) {
    result = INVALID_PTX;
  }
  if (result == SUCCESS) {
    make<Module>(d.modules, module);
    static_cast<Module*>(*module)->ptx = text;
    return SUCCESS;
  }
  char* log = nullptr;
  size_t length = 0;
  for (unsigned i = 0; i < count; i++) {
    if (options[i] == 5) {  // error log
      log = static_cast<char*>(values[i]);
    } else if (options[i] == 6) {
      length = reinterpret_cast<size_t>(values[i]);
    }
  }
  if (log != nullptr && length > 0) {
    const char* line = result == INVALID_PTX ? "ptxas application ptx input, line 1; fatal   : Parsing error near 'fake'"
                                             : "ptxas application ptx input, line 1; fatal   : Unsupported .version";
    std::strncpy(log, line, length);
    log[length - 1] = 0;
  }
  return result;
}

API int cuModuleUnload(void* module) {
  ENTER(true)
  return destroy<Module>(d.modules, module);
}

API int cuModuleGetFunction(void** function, void* module, const char* name) {
  ENTER(true)
  if (!valid(d.modules, module)) {
    return INVALID_HANDLE;
  }
  const Entry* entry = Entry::find(name);
  if (entry == nullptr || !isDeclared(*static_cast<Module*>(module), name)) {
    return NOT_FOUND;
  }
  d.functions.emplace(name, Function{entry});
  *function = &d.functions.at(name);
  return SUCCESS;
}

API int cuFuncSetAttribute(Function* function, int attribute, int value) {
  ENTER(true)
  if (attribute != 8 || value < 0 || value > d.setting("shared_memory", 232448)) {
    return INVALID_VALUE;
  }
  function->sharedBytes = value;
  return SUCCESS;
}

API int cuFuncGetAttribute(int* value, int attribute, Function* function) {
  ENTER(true)
  *value = attribute == 0 ? (int)function->entry->mostThreads : attribute == 8 ? function->sharedBytes : 0;
  return SUCCESS;
}

API int cuLaunchKernel(Function* function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX,
                       unsigned blockY, unsigned blockZ, unsigned shared, void* stream, void** parameters, void**) {
  ENTER(true)
  if (stream != nullptr && !valid(d.streams, stream)) {
    return INVALID_HANDLE;
  }
  bool straight = gridY == 1 && gridZ == 1 && blockY == 1 && blockZ == 1;
  bool whole = gridX > 0 && gridX <= 0x7fffffff && blockX > 0 && blockX % 32 == 0;
  if (!straight || !whole || blockX > function->entry->mostThreads || (int)shared > function->sharedBytes) {
    return INVALID_VALUE;
  }
  d.counts["launches"]++;
  if (d.strikes("launch_failure")) {
    return LAUNCH_OUT_OF_RESOURCES;
  }
  if (d.strikes("illegal_address")) {
    return d.sticky = ILLEGAL_ADDRESS;
  }
  if (d.strikes("ecc")) {
    return d.sticky = ECC_UNCORRECTABLE;
  }
  runGrid(*function->entry, gridX, blockX, shared, *static_cast<const Job*>(parameters[0]));
  return SUCCESS;
}

API int cuMemGetInfo_v2(size_t* free, size_t* total) {
  ENTER(true)
  *total = d.memory();
  long long device = std::stoll(currentContext);
  long long mine = d.memory() / (d.setting("roomy_device", device) == device ? 1 : 2);
  *free = std::max(0ll, mine - (long long)d.bytes(d.device));
  return SUCCESS;
}

API int cuMemAlloc_v2(void** address, size_t bytes) {
  ENTER(true)
  if (d.strikes("out_of_memory") || (long long)(d.bytes(d.device) + bytes) > d.memory()) {
    return OUT_OF_MEMORY;
  }
  return allocate(d.device, address, bytes);
}

API int cuMemFree_v2(void* address) {
  ENTER(true)
  return address == nullptr ? SUCCESS : release(d.device, address);
}

API int cuMemHostAlloc(void** address, size_t bytes, unsigned) {
  ENTER(true)
  return d.strikes("pinned_out_of_memory") ? OUT_OF_MEMORY : allocate(d.pinned, address, bytes);
}

API int cuMemFreeHost(void* address) {
  ENTER(true)
  return address == nullptr ? SUCCESS : release(d.pinned, address);
}

API int cuMemcpyHtoDAsync_v2(void* to, const void* from, size_t bytes, void* stream) {
  ENTER(true)
  return copy(d, to, from, bytes, room(d.device, to) >= bytes, stream);
}

API int cuMemcpyDtoHAsync_v2(void* to, void* from, size_t bytes, void* stream) {
  ENTER(true)
  return copy(d, to, from, bytes, room(d.device, from) >= bytes, stream);
}

API int cuMemcpyDtoDAsync_v2(void* to, void* from, size_t bytes, void* stream) {
  ENTER(true)
  return copy(d, to, from, bytes, room(d.device, from) >= bytes && room(d.device, to) >= bytes, stream);
}

API int cuMemsetD8Async(void* to, unsigned char value, size_t bytes, void* stream) {
  ENTER(true)
  if (room(d.device, to) < bytes || (stream != nullptr && !valid(d.streams, stream))) {
    return INVALID_VALUE;
  }
  std::memset(to, value, bytes);
  return SUCCESS;
}

API int cuPointerGetAttribute(void* value, int attribute, void* address) {
  ENTER(true)
  bool onDevice = room(d.device, address) > 0;
  if (!onDevice && room(d.pinned, address) == 0) {
    return INVALID_VALUE;
  }
  if (attribute == 2) {  // memory type: host 1, device 2
    *static_cast<unsigned*>(value) = onDevice ? 2 : 1;
  } else if (attribute == 9) {  // device
    *static_cast<int*>(value) = 0;
  } else {
    return INVALID_VALUE;
  }
  return SUCCESS;
}

API int cuStreamCreate(void** stream, unsigned) {
  ENTER(true)
  return make<Stream>(d.streams, stream);
}

API int cuStreamCreateWithPriority(void** stream, unsigned flags, int) { return cuStreamCreate(stream, flags); }

API int cuStreamDestroy_v2(void* stream) {
  ENTER(true)
  return destroy<Stream>(d.streams, stream);
}

API int cuStreamSynchronize(void* stream) {
  ENTER(true)
  return stream == nullptr || valid(d.streams, stream) ? SUCCESS : INVALID_HANDLE;
}

API int cuStreamQuery(void* stream) { return cuStreamSynchronize(stream); }

API int cuStreamWaitEvent(void* stream, void* event, unsigned) {
  ENTER(true)
  return (stream == nullptr || valid(d.streams, stream)) && valid(d.events, event) ? SUCCESS : INVALID_HANDLE;
}

API int cuEventCreate(void** event, unsigned flags) {
  ENTER(true)
  Result result = make<Event>(d.events, event);
  static_cast<Event*>(*event)->keepsTime = (flags & 2) == 0;
  return result;
}

API int cuEventDestroy_v2(void* event) {
  ENTER(true)
  return destroy<Event>(d.events, event);
}

API int cuEventRecord(void* event, void* stream) {
  ENTER(true)
  if (!valid(d.events, event) || (stream != nullptr && !valid(d.streams, stream))) {
    return INVALID_HANDLE;
  }
  static_cast<Event*>(event)->when = std::chrono::steady_clock::now();
  static_cast<Event*>(event)->isRecorded = true;
  return SUCCESS;
}

API int cuEventSynchronize(void* event) {
  ENTER(true)
  return valid(d.events, event) ? SUCCESS : INVALID_HANDLE;
}

API int cuEventQuery(void* event) { return cuEventSynchronize(event); }

API int cuEventElapsedTime(float* milliseconds, void* start, void* end) {
  ENTER(true)
  for (void* event : {start, end}) {
    if (!valid(d.events, event) || !static_cast<Event*>(event)->keepsTime || !static_cast<Event*>(event)->isRecorded) {
      return INVALID_HANDLE;
    }
  }
  std::chrono::duration<float, std::milli> elapsed = static_cast<Event*>(end)->when - static_cast<Event*>(start)->when;
  *milliseconds = elapsed.count();
  return SUCCESS;
}

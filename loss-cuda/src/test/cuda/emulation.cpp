#include "emulation.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#if !defined(__x86_64__)
#include <ucontext.h>
#endif

ThreadPosition threadIdx;
ThreadPosition blockIdx;
ThreadPosition blockDim;
ThreadPosition gridDim;
alignas(16) uint4 dynamicShared[232448 / 16];

float halfToFloat(unsigned short bits) {
  int exponent = bits >> 10 & 31;
  int mantissa = bits & 1023;
  float size = exponent == 31  ? (mantissa == 0 ? INFINITY : NAN)
               : exponent == 0 ? std::ldexp((float)mantissa, -24)
                               : std::ldexp((float)(1024 + mantissa), exponent - 25);
  return bits >> 15 ? -size : size;
}

unsigned short floatToHalf(float x) {
  unsigned short sign = std::signbit(x) ? 0x8000 : 0;
  float size = std::fabs(x);
  if (std::isnan(x)) {
    return 0x7fff;
  } else if (size >= 65520) {
    return sign | 0x7c00;
  } else if (size < 0x1p-14f) {
    return sign | (unsigned short)std::nearbyint(size * 0x1p24f);
  }
  int exponent = std::ilogb(size);
  int mantissa = (int)std::nearbyint(std::ldexp(size, 10 - exponent));
  return sign | (unsigned short)(((exponent + 15) << 10) + mantissa - 1024);
}

static Entry* entries = nullptr;

Entry::Entry(const char* name, void (*body)(const Job& job), unsigned mostThreads)
    : name(name), body(body), mostThreads(mostThreads), next(entries) {
  entries = this;
}

Entry* Entry::find(const char* name) {
  Entry* entry = entries;
  while (entry != nullptr && std::strcmp(entry->name, name) != 0) {
    entry = entry->next;
  }
  return entry;
}

namespace {

constexpr unsigned MOST_THREADS = 1024;
constexpr size_t STACK = 256 << 10;

// A change of stacks. The registers that a call preserves lie on the stack that is left.
#if defined(__x86_64__)
struct Context {
  void* top = nullptr;
};

extern "C" void loss4jChangeStack(void** from, void* to);
asm(R"(
.text
.local loss4jChangeStack
.type loss4jChangeStack, @function
loss4jChangeStack:
  push %rbp
  push %rbx
  push %r12
  push %r13
  push %r14
  push %r15
  mov %rsp, (%rdi)
  mov %rsi, %rsp
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %rbx
  pop %rbp
  ret
)");

void change(Context& from, Context& to) { loss4jChangeStack(&from.top, to.top); }

void prepare(Context& context, char* stack, void (*start)()) {
  void** top = reinterpret_cast<void**>(stack + STACK - 16);
  *--top = nullptr;  // keeps the stack aligned as after a call
  *--top = reinterpret_cast<void*>(start);
  context.top = top - 6;
}
#else
using Context = ucontext_t;

void change(Context& from, Context& to) { swapcontext(&from, &to); }

void prepare(Context& context, char* stack, void (*start)()) {
  getcontext(&context);
  context.uc_stack.ss_sp = stack;
  context.uc_stack.ss_size = STACK;
  makecontext(&context, start, 0);
}
#endif

enum State { READY, AT_BARRIER, IN_EXCHANGE, DONE };

struct Fiber {
  Context context;
  std::unique_ptr<char[]> stack;
  State state;
  unsigned mask;
  unsigned long long bits;
  int source;
};

std::vector<Fiber> fibers(MOST_THREADS);
/** How many lanes have come to an exchange, by its first lane and their number: neighbours, of which there is one such mask. */
unsigned arrivals[MOST_THREADS][33];
Context scheduler;
const Entry* running;
const Job* argument;

void leave() { change(fibers[threadIdx.x].context, scheduler); }

void runThread() {
  running->body(*argument);
  fibers[threadIdx.x].state = DONE;
  leave();
}

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "emulation: %s in %s, block %u\n", what, running->name, blockIdx.x);
  std::abort();
}

/** Every second block is run from its last thread to its first, which shows missing barriers. */
void runBlock(unsigned threads) {
  for (unsigned t = 0; t < threads; t++) {
    Fiber& fiber = fibers[t];
    if (!fiber.stack) {
      fiber.stack.reset(new char[STACK]);
    }
    fiber.state = READY;
    prepare(fiber.context, fiber.stack.get(), runThread);
  }
  unsigned done = 0;
  while (done < threads) {
    unsigned waiting = 0;
    bool moved = false;
    done = 0;
    for (unsigned i = 0; i < threads; i++) {
      unsigned t = blockIdx.x % 2 == 0 ? i : threads - 1 - i;
      if (fibers[t].state == READY) {
        threadIdx.x = t;
        moved = true;
        change(scheduler, fibers[t].context);
      }
      done += fibers[t].state == DONE;
      waiting += fibers[t].state == AT_BARRIER;
    }
    if (done + waiting == threads) {
      for (unsigned t = 0; t < threads; t++) {
        fibers[t].state = fibers[t].state == AT_BARRIER ? READY : fibers[t].state;
      }
    } else if (!moved) {
      fail("threads wait for each other for ever");
    }
  }
}

}  // namespace

void __syncthreads() {
  fibers[threadIdx.x].state = AT_BARRIER;
  leave();
}

unsigned long long exchange(unsigned mask, unsigned long long bits, int source) {
  unsigned self = threadIdx.x;
  unsigned warp = self / 32 * 32;
  if ((mask >> self % 32 & 1) == 0 || (mask >> source & 1) == 0) {
    fail("a shuffle leaves its mask");
  }
  fibers[self].mask = mask;
  fibers[self].bits = bits;
  fibers[self].source = source;
  fibers[self].state = IN_EXCHANGE;
  unsigned members = __builtin_popcount(mask);
  unsigned& arrived = arrivals[warp + __builtin_ctz(mask)][members];
  if (++arrived < members) {
    leave();
    return fibers[self].bits;
  }
  arrived = 0;
  unsigned long long brought[32];
  for (unsigned rest = mask; rest != 0; rest &= rest - 1) {
    const Fiber& fiber = fibers[warp + __builtin_ctz(rest)];
    if (fiber.state != IN_EXCHANGE || fiber.mask != mask) {
      fail("the lanes of a shuffle do not agree on its mask");
    }
    brought[__builtin_ctz(rest)] = fiber.bits;
  }
  for (unsigned rest = mask; rest != 0; rest &= rest - 1) {
    Fiber& fiber = fibers[warp + __builtin_ctz(rest)];
    fiber.bits = brought[fiber.source];
    fiber.state = READY;
  }
  return fibers[self].bits;
}

void runGrid(const Entry& entry, unsigned blocks, unsigned threads, unsigned sharedBytes, const Job& job) {
  running = &entry;
  argument = &job;
  gridDim.x = blocks;
  blockDim.x = threads;
  for (blockIdx.x = 0; blockIdx.x < blocks; blockIdx.x++) {
    std::memset(dynamicShared, 0xff, sharedBytes);  // NaN to whoever reads before writing
    runBlock(threads);
  }
}

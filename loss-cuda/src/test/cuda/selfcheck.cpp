// Compares every kernel, in every regime that it fits, with the plain formula in double: random jobs over awkward sizes,
// types, layouts, labels, weights and masks. Usage: selfcheck kernels.table [jobs [seed [stem]]]

#include "emulation.h"

#include "../../main/cuda/job.cuh"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <sstream>
#include <string>
#include <vector>

using std::string;
using std::vector;

const double INF = std::numeric_limits<double>::infinity();
const double NOT_A_NUMBER = std::numeric_limits<double>::quiet_NaN();

std::mt19937_64 engine;

int below(int n) { return (int)(engine() % n); }
bool chance(double p) { return std::uniform_real_distribution<>()(engine) < p; }
double uniform(double low, double high) { return std::uniform_real_distribution<>(low, high)(engine); }
template <class T>
T any(const vector<T>& of) {
  return of[below((int)of.size())];
}

// ---- numbers in memory

size_t width(long long type) {
  const size_t widths[] = {0, 4, 8, 2, 2, 4, 8, 1, 1, 2};
  return widths[type];
}

void put(char* at, long long type, double x) {
  switch (type) {
    case FLOAT: *(float*)at = (float)x; break;
    case DOUBLE: *(double*)at = x; break;
    case HALF: *(unsigned short*)at = floatToHalf((float)x); break;
    case BFLOAT16: {
      unsigned bits = __float_as_uint((float)x);
      *(unsigned short*)at = x != x ? 0x7fc0 : (unsigned short)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
      break;
    }
    case INT32: *(int*)at = (int)x; break;
    case INT64: *(long long*)at = (long long)x; break;
    case UINT8: *(unsigned char*)at = (unsigned char)x; break;
    case INT8: *(signed char*)at = (signed char)x; break;
    case INT16: *(short*)at = (short)x; break;
  }
}

double get(const char* at, long long type) {
  switch (type) {
    case FLOAT: return *(float*)at;
    case DOUBLE: return *(double*)at;
    case HALF: return halfToFloat(*(unsigned short*)at);
    case BFLOAT16: return __uint_as_float((unsigned)*(unsigned short*)at << 16);
    case INT32: return *(int*)at;
    case INT64: return (double)*(long long*)at;
    case UINT8: return *(unsigned char*)at;
    case INT8: return *(signed char*)at;
    default: return *(short*)at;
  }
}

enum Layout { ROW_MAJOR, PADDED_ROWS, COLUMN_MAJOR, SPREAD, CHANNELS_FIRST };

/** An array with a margin of poison around it and in its gaps. */
struct Array {
  View view{};
  long long rows = 0;
  long long columns = 0;
  vector<char> bytes;
  vector<char> touched;
  char* base = nullptr;

  void make(long long type, long long rows, long long columns, Layout layout, int offset) {
    this->rows = rows;
    this->columns = columns;
    long long inner = rows;
    long long rowStride = columns, columnStride = 1, outer = 0;
    if (layout == PADDED_ROWS) {
      rowStride = columns + 3;
    } else if (layout == COLUMN_MAJOR) {
      rowStride = 1, columnStride = rows;
    } else if (layout == SPREAD) {
      rowStride = columns * 2 + 1, columnStride = 2;
    } else if (layout == CHANNELS_FIRST) {
      inner = rows % 3 == 0 && rows > 0 ? rows / 3 : rows;
      rowStride = 1, columnStride = inner, outer = inner * columns;
    }
    view = View{nullptr, type, rowStride, columnStride, std::max(1ll, inner), outer};
    long long last = 0;
    if (rows > 0) {
      last = (rows - 1) / view.innerRows * outer + (inner - 1) * rowStride + (columns - 1) * columnStride;
    }
    bytes.assign((last + 1 + offset) * width(type) + 512, (char)0xa5);
    touched.assign(bytes.size(), 0);
    char* aligned = bytes.data() + 128;
    aligned += (64 - (uintptr_t)aligned % 64) % 64;
    base = aligned + offset * width(type);
    view.data = base;
  }

  char* at(long long r, long long k) {
    long long offset = r / view.innerRows * view.outerStride + r % view.innerRows * view.rowStride + k * view.columnStride;
    return base + offset * width(view.type);
  }
  double get(long long r, long long k) { return ::get(at(r, k), view.type); }
  void put(long long r, long long k, double x) {
    ::put(at(r, k), view.type, x);
    std::memset(touched.data() + (at(r, k) - bytes.data()), 1, width(view.type));
  }
  /** Marks all elements as written by someone else. */
  void claim() {
    for (long long r = 0; r < rows; r++) {
      for (long long k = 0; k < columns; k++) {
        std::memset(touched.data() + (at(r, k) - bytes.data()), 1, width(view.type));
      }
    }
  }
  bool poisonIsWhole() {
    for (size_t i = 0; i < bytes.size(); i++) {
      if (!touched[i] && bytes[i] != (char)0xa5) {
        return false;
      }
    }
    return true;
  }
};

// ---- kernels.table

struct Loss {
  string id, stem, shape;
  int formula;
  vector<string> parameters;
};

struct Regime {
  string shape, name, needs;
  long long least, most;
  int lanes, threads;
  long long units, blocks, shared, part;
};

vector<Loss> losses;
vector<Regime> regimes;

void readTable(const char* path) {
  std::ifstream in(path);
  string line;
  while (std::getline(in, line)) {
    std::istringstream words(line.substr(0, line.find('#')));
    string kind;
    words >> kind;
    if (kind == "loss") {
      Loss loss;
      words >> loss.id >> loss.stem >> loss.shape >> loss.formula;
      for (string p; words >> p;) {
        loss.parameters.push_back(p);
      }
      losses.push_back(loss);
    } else if (kind == "regime") {
      Regime g;
      string most;
      words >> g.shape >> g.name >> g.needs >> g.least >> most >> g.lanes >> g.threads >> g.units >> g.blocks >> g.shared >> g.part;
      g.most = most == "*" ? std::numeric_limits<int>::max() : std::stoll(most);
      regimes.push_back(g);
    }
  }
  if (losses.empty() || regimes.empty()) {
    std::fprintf(stderr, "%s is no kernels.table\n", path);
    std::exit(2);
  }
}

// ---- plain formulas

struct Value {
  double value, derivative;
};

double times(double w, double v) { return w == 0 ? 0 : w * v; }

/** Of a log-probability l with p = e^l and rest = 1 - p. */
Value softmaxFormula(int formula, double l, double rest, double first, const double* p) {
  double probability = std::exp(l);
  double finite = std::isinf(l) ? 0 : l;
  switch (formula) {
    case 0: return {-l, -1};
    case 1: {
      double focus = std::pow(rest, first);
      double slope = rest == 0 ? 1 : -probability * finite / rest;
      return {times(focus, -l), -focus * (1 + first * slope)};
    }
    case 2: return {-l + first * rest, -1 - first * probability};
    case 3: return {-std::expm1(first * l) / first, -std::exp(first * l)};
    case 4:
      return probability <= p[1] ? Value{(1 - std::pow(p[1], first)) / first, 0}
                                 : Value{-std::expm1(first * l) / first, -std::exp(first * l)};
    case 5: return {times(first, -l) - p[1] * p[2] * rest, -first + p[1] * p[2] * probability};
    default: return {rest, -probability};
  }
}

/** Value and slopes by the log-probabilities of a loss of the whole row. */
double wholeRow(const string& id, const double* p, const vector<double>& t, const vector<double>& l,
                const vector<double>& rest, int top, vector<double>& slopes) {
  size_t K = t.size();
  double T = 0, value = 0;
  for (double target : t) {
    T += target;
  }
  vector<Value> cost(K);
  double all = 0, given = 0, impossible = 0, toImpossible = 0;
  for (size_t k = 0; k < K; k++) {
    double gamma = id == "active_passive" && p[0] != 0 ? p[2] : 0;
    cost[k] = softmaxFormula(1, l[k], rest[k], gamma, p);
    all += cost[k].value;
    given += times(t[k], cost[k].value);
    impossible += std::isinf(cost[k].value);
    toImpossible += std::isinf(cost[k].value) ? t[k] : 0;
  }
  bool normalised = id == "normalized_cross_entropy" || id == "active_passive";
  double alpha = id == "active_passive" ? p[3] : 1;
  if (normalised) {
    value = alpha * (impossible > 0 ? toImpossible / impossible : all == 0 ? 0 : given / all);
  }
  for (size_t k = 0; k < K; k++) {
    double probability = std::exp(l[k]);
    slopes[k] = 0;
    if (normalised && impossible == 0 && all != 0) {
      slopes[k] = alpha * (t[k] - given / all) / all * cost[k].derivative;
    }
    if (id == "active_passive") {
      double passive = p[1] == 0 ? p[4] : -p[4] * p[5];
      value += passive * t[k] * rest[k];
      slopes[k] -= passive * t[k] * probability;
    } else if (id.find("bootstrap") == 0) {
      double belief = id == "bootstrap_soft" ? probability : (int)k == top;
      double mixed = p[0] * t[k] + (1 - p[0]) * T * belief;
      value -= times(mixed, l[k]);
      slopes[k] = -mixed;
    } else if (id == "asymmetric_single_label") {
      double own = t[k] * (1 - p[2] + p[2] / K), other = (T - t[k]) * p[2] / K;
      Value yes = softmaxFormula(1, l[k], rest[k], p[0], p);
      double focus = std::pow(probability, p[1]);
      double finite = std::isinf(l[k]) && focus == 0 ? 0 : l[k];
      value += times(own, yes.value) - times(other, focus == 0 ? 0 : focus * l[k]);
      slopes[k] = own * yes.derivative - other * (focus + times(p[1] * focus, finite));
    }
  }
  return value;
}

double temperedLog(double t, double log) { return t == 1 ? log : std::expm1((1 - t) * log) / (1 - t); }

/** Logarithms of the softmax of temperature t; found by bisection. */
vector<double> temperedSoftmax(double t, const vector<double>& z, double top) {
  vector<double> log(z.size());
  double low = 0, high = std::pow((double)z.size(), t - 1) / (t - 1);
  for (int i = 0; i < 200; i++) {
    double lambda = i == 199 ? high : (low + high) / 2, sum = 0;
    for (size_t k = 0; k < z.size(); k++) {
      log[k] = -std::log1p((t - 1) * (lambda + top - z[k])) / (t - 1);
      sum += std::exp(log[k]);
    }
    (sum > 1 ? low : high) = lambda;
  }
  return log;
}

/** Value and gradient by the logits of a loss with a formula of its own; l are their log-probabilities. */
double ownFormula(const string& id, const double* p, const vector<double>& counts, const vector<double>& t,
                  const vector<double>& z, const vector<double>& l, vector<double>& g) {
  size_t K = t.size();
  double T = 0, value = 0, top = *std::max_element(z.begin(), z.end());
  for (double target : t) {
    T += target;
  }
  g.assign(K, 0);
  bool impossible = top == -INF;
  if (id == "seesaw") {
    for (size_t i = 0; i < K; i++) {
      if (t[i] == 0) {
        continue;
      }
      vector<double> shifted(K);
      double sum = 0, most = -INF;
      for (size_t j = 0; j < K; j++) {
        double fewer = std::min(0.0, std::log(std::max(1.0, counts[j]) / std::max(1.0, counts[i])));
        double ahead = std::max(0.0, l[j] - std::max(l[i], std::log(p[3])));
        shifted[j] = z[j] + (i == j ? 0 : p[1] * fewer + p[2] * ahead);
        most = std::max(most, shifted[j]);
      }
      for (double s : shifted) {
        sum += impossible ? 0 : std::exp(s - most);
      }
      double others = 0;  // relative to the label
      for (size_t j = 0; j < K && !impossible; j++) {
        double q = std::exp(shifted[j] - most) / sum;
        others += j == i ? 0 : q;
        g[j] += j == i ? 0 : t[i] * q;
      }
      g[i] -= t[i] * others;
      value += t[i] * (impossible ? INF : others < 0.5 ? -std::log1p(-others) : most + std::log(sum) - shifted[i]);
    }
  } else if (id == "bi_tempered_logistic") {
    double t1 = p[0], t2 = p[1];
    vector<double> log = t2 == 1 || impossible ? l : temperedSoftmax(t2, z, top);
    double escorts = 0, pulls = 0;
    for (size_t k = 0; k < K; k++) {
      double y = T == 0 ? 0 : t[k] / T;
      value += T * ((y == 0 || p[2] == 0 ? 0 : y * temperedLog(t1, std::log(y))) -
                    (std::pow(y, 2 - t1) - std::exp((2 - t1) * log[k])) / (2 - t1));
      value -= times(t[k], temperedLog(t1, log[k]));
      g[k] = (t1 == t2 ? 1 : std::exp((t2 - t1) * log[k])) * (T * std::exp(log[k]) - t[k]);
      pulls += g[k];
      escorts += std::exp(t2 * log[k]);
    }
    for (size_t k = 0; k < K; k++) {
      g[k] = escorts == 0 ? 0 : g[k] - std::exp(t2 * log[k]) / escorts * pulls;
    }
  } else if (id == "sparsemax") {
    vector<double> sorted;
    for (double logit : z) {
      sorted.push_back(impossible ? 0 : logit - top);
    }
    std::sort(sorted.rbegin(), sorted.rend());
    double sum = 0, tau = 0;
    for (size_t n = 1; n <= K; n++) {
      sum += sorted[n - 1];
      tau = 1 + n * sorted[n - 1] > sum ? (sum - 1) / n : tau;
    }
    for (size_t k = 0; k < K; k++) {
      double x = impossible ? -INF : z[k] - top;
      double q = std::max(0.0, x - tau);
      value += (q > 0 ? T * q * (x + tau) : 0) / 2 + (T == 0 ? 0 : t[k] * t[k] / T / 2) - times(t[k], x);
      g[k] = impossible ? 0 : T * q - t[k];
    }
  } else if (id == "multilabel_ranking") {
    double present = 0;
    for (double target : t) {
      present += target != 0;
    }
    double pairs = present * (K - present);
    for (size_t j = 0; j < K; j++) {
      for (size_t i = 0; i < K && t[j] != 0; i++) {
        if (t[i] == 0) {
          double d = z[i] - z[j];
          double slope = t[j] / pairs * std::exp(d > 50 ? 50 : d);
          value += d > 50 ? slope * (1 + d - 50) : slope;
          g[i] += slope;
          g[j] -= slope;
        }
      }
    }
  } else {
    std::fprintf(stderr, "no formula for %s\n", id.c_str());
    std::exit(2);
  }
  return value;
}

double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); }
double sigmoid(double x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }
double sign(double d) { return d > 0 ? 1 : d < 0 ? -1 : 0; }

Value elementFormula(const string& id, long long columns, double x, double y, double pos, double first, const double* p) {
  if (std::isnan(x)) {
    return {NOT_A_NUMBER, NOT_A_NUMBER};
  }
  double d = x - y;
  double share = first == 0 ? 1 : 1 / (double)columns;
  if (id == "mean_squared_error") return {share * d * d, share * 2 * d};
  if (id == "mean_absolute_error") return {share * std::fabs(d), share * sign(d)};
  if (id == "huber") {
    return std::fabs(d) <= first ? Value{d * d / 2, d} : Value{first * (std::fabs(d) - first / 2), first * sign(d)};
  }
  if (id == "smooth_l1") {
    return std::fabs(d) < first ? Value{d * d / 2 / first, d / first} : Value{std::fabs(d) - first / 2, sign(d)};
  }
  if (id == "log_cosh") {
    double far = std::fabs(d) - std::log(2.0) + std::log1p(std::exp(-2 * std::fabs(d)));
    double near = d * d / 2 - d * d * d * d / 12 + std::pow(d, 6) / 45 - 17 * std::pow(d, 8) / 2520;
    return {std::fabs(d) < 0.05 ? near : far, std::tanh(d)};
  }
  if (id == "quantile") return {std::max(first * -d, (first - 1) * -d), d < 0 ? -first : d > 0 ? 1 - first : 0};
  if (id == "poisson_nll") {
    double rest = p[1] != 0 && y > 1 ? y * std::log(y) - y + 0.5 * std::log(2 * M_PI * y) : 0;
    return first != 0 ? Value{std::exp(x) - y * x + rest, std::exp(x) - y}
                      : Value{x - y * std::log(x + p[2]) + rest, 1 - y / (x + p[2])};
  }
  double s = sigmoid(x), q = sigmoid(-x);
  double ce = times(pos * y, softplus(-x)) + times(1 - y, softplus(x));
  double slope = (1 - y) * s - pos * y * q;
  if (id == "sigmoid_cross_entropy") return {ce, slope};
  if (id == "multilabel_soft_margin") return {ce / columns, slope / columns};
  if (id == "sigmoid_focal" || id == "poly1_sigmoid_focal") {
    double alpha = std::isnan(p[1]) ? 1 : y * p[1] + (1 - y) * (1 - p[1]);
    double u = y * q + (1 - y) * s;
    double ratio = (1 - 2 * y) * (y == 1 ? s : y == 0 ? q : s * q / u);
    double f = alpha * std::pow(u, first);
    Value focal = {times(f, ce), f * (times(first * ratio, ce) + slope)};
    if (id == "sigmoid_focal") {
      return focal;
    }
    double v = pos * y * q + (1 - y) * s;
    double g = p[2] * std::pow(u, first);
    return {focal.value + g * v, focal.derivative + g * (first * ratio * v + (1 - y - pos * y) * s * q)};
  }
  if (id == "penalty_reduced_focal") {
    double z = y == 1 ? -x : x;
    double w = y == 1 ? pos : std::pow(1 - y, p[1]);
    double u = sigmoid(z);
    double g = std::pow(u, first) * (times(first * sigmoid(-z), softplus(z)) + u);
    return {times(w, times(std::pow(u, first), softplus(z))), w * (y == 1 ? -g : g)};
  }
  if (id == "asymmetric") {
    double m = std::max(0.0, s - p[2]);
    double cost = p[2] == 0 ? softplus(x) : m < 0.5 ? -std::log1p(-m) : -std::log(q + p[2]);
    double positive = times(std::pow(q, first), softplus(-x));
    double yes = -std::pow(q, first) * (q + first * times(s, softplus(-x)));
    double no = 0;
    if (m > 0) {
      no = std::pow(m, p[1]) * (p[1] * s * times(q, cost / m) + (p[2] == 0 ? s : s * q / (q + p[2])));
    }
    return {times(pos * y, positive) + times(1 - y, times(std::pow(m, p[1]), cost)), pos * y * yes + (1 - y) * no};
  }
  std::fprintf(stderr, "no formula for %s\n", id.c_str());
  std::exit(2);
}

// ---- a job

struct Case {
  Loss loss;
  long long type, rows, columns;
  bool index = false;
  Array x, y, mask, gradient, terms;
  vector<double> classWeights, positiveWeights, bias, margin, perColumn;
  Job job{};
  Layout layout, gradientLayout, labelLayout;
  string words;

  double first(long long k) { return perColumn.empty() ? job.p[0] : perColumn[k]; }
};

const vector<long long> FLOATING = {FLOAT, DOUBLE, HALF, BFLOAT16};
const vector<int> ROWS = {0, 1, 2, 31, 33, 257};
const vector<int> COLUMNS = {1, 2, 3, 10, 31, 32, 33, 48, 64, 100, 257, 1000, 1025, 5000, 20000, 60000};

vector<double> vectorOf(long long n, double low, double high, double zeros) {
  vector<double> v(n);
  for (double& e : v) {
    e = chance(zeros) ? 0 : uniform(low, high);
  }
  return v;
}

void fillMask(Case& c, double p) {
  if (!chance(p)) {
    return;
  }
  long long type = any<long long>({FLOAT, DOUBLE, HALF, UINT8, c.type});
  bool element = c.columns > 1 && chance(0.4);
  c.mask.make(type, c.rows, element ? c.columns : 1, element ? c.layout : any<Layout>({ROW_MAJOR, PADDED_ROWS}), below(3));
  for (long long r = 0; r < c.rows; r++) {
    bool none = chance(0.2);
    for (long long k = 0; k < c.mask.columns; k++) {
      double m = none || chance(0.3) ? 0 : type == UINT8 || chance(0.5) ? 1 : uniform(0.1, 2);
      c.mask.put(r, k, m);
    }
  }
  c.job.mask = c.mask.view;
  c.job.maskColumns = c.mask.columns;
}

double magnitudeOf(long long type) {
  return type == HALF ? any<double>({1, 8, 30}) : any<double>({1, 8, 30, 1e3, 1e4});
}

void finishCase(Case& c) {
  Job& job = c.job;
  job.rows = c.rows;
  job.columns = c.columns;
  job.predictions = c.x.view;
  job.labels = c.y.view;
  job.rowOffset = 1000;
  auto pointer = [](vector<double>& v) { return v.empty() ? nullptr : v.data(); };
  job.classWeights = pointer(c.classWeights);
  job.positiveWeights = pointer(c.positiveWeights);
  job.bias = pointer(c.bias);
  job.margin = pointer(c.margin);
  job.perColumn = pointer(c.perColumn);
  job.formula = c.loss.formula;
}

void makeSoftmax(Case& c) {
  Job& job = c.job;
  double size = magnitudeOf(c.type);
  bool confident = chance(0.3);
  c.x.make(c.type, c.rows, c.columns, c.layout, below(5));
  c.index = chance(0.6);
  bool oneHot = chance(0.4);
  long long labelType = c.index ? any<long long>({INT32, INT64, INT64, FLOAT, DOUBLE, INT16})
                                : chance(0.6) ? c.type : any<long long>({FLOAT, DOUBLE, HALF, BFLOAT16, INT32, UINT8});
  bool integral = labelType == INT32 || labelType == UINT8;
  if (labelType == INT16 && c.columns > 30000) {
    labelType = INT32;
  }
  c.y.make(labelType, c.rows, c.index ? 1 : c.columns, c.index ? PADDED_ROWS : c.labelLayout, below(3));
  job.labelsAreIndices = c.index;
  if (c.index && chance(0.3)) {
    job.hasIgnored = 1;
    job.ignored = chance(0.5) ? -100 : 0;
  }
  for (long long r = 0; r < c.rows; r++) {
    int hot = below((int)c.columns);
    if (c.index) {
      c.y.put(r, 0, job.hasIgnored && chance(0.2) ? job.ignored : hot);
    } else {
      bool empty = chance(0.1);
      for (long long k = 0; k < c.columns; k++) {
        bool on = oneHot ? k == hot : chance(0.5);
        c.y.put(r, k, empty || !on ? 0 : oneHot ? 1 : integral ? below(3) : uniform(0, 1));
      }
    }
    for (long long k = 0; k < c.columns; k++) {
      c.x.put(r, k, chance(0.02) ? -INF : chance(0.05) ? 0 : uniform(-size, size));
    }
    if (confident) {
      c.x.put(r, hot, size + uniform(5, 60));
    }
    if (chance(0.02)) {
      for (long long k = 0; k < c.columns; k++) {
        c.x.put(r, k, -INF);
      }
    } else if (chance(0.03) && c.loss.shape != "row") {
      c.x.put(r, below((int)c.columns), NOT_A_NUMBER);
    } else if (chance(0.05)) {
      for (long long k = 0; k < c.columns; k++) {
        c.x.put(r, k, c.x.get(r, 0));
      }
    }
  }
  if (chance(0.3)) {
    c.classWeights = vectorOf(c.columns, 0.1, 3, 0.1);
  }
  fillMask(c, 0.4);
  job.smoothing = chance(0.3) ? any<double>({0.1, 1}) : 0;
  job.zLoss = chance(0.3) ? 0.01 : 0;
  job.logitScale = 1;
  if (c.loss.id == "logit_adjusted_cross_entropy" || chance(0.1)) {
    c.bias = vectorOf(c.columns, -3, 0, 0);
  }
  if (c.loss.id == "ldam" || chance(0.05)) {
    c.margin = vectorOf(c.columns, 0, 0.5, 0);
    job.logitScale = any<double>({1, 30, 0.5});
  }
  if (c.loss.shape == "row") {
    double p[] = {any<double>({0, 0.5, 1}), any<double>({1, 1.2, 1.5}), (double)below(2), 0};
    double q[] = {0, any<double>({0, 0.8}), any<double>({0, 2}), 0.01};
    bool counted = c.loss.id == "seesaw";
    std::copy(counted ? q : p, counted ? q + 4 : p + 4, job.p);
    c.perColumn = counted ? vectorOf(c.columns, 0, 1000, 0.1) : vector<double>();
    return;
  }
  if (c.loss.shape == "whole_row") {
    double p[] = {any<double>({0, 0.5, 1}), any<double>({0, 4, 0.5}), any<double>({0.1, 0, 1})};
    double q[] = {(double)below(2), (double)below(2), 0.5, 1, 2, -4};
    bool two = c.loss.id == "active_passive";
    std::copy(two ? q : p, two ? q + 6 : p + 3, job.p);
    return;
  }
  switch (c.loss.formula) {
    case 1:
      job.p[0] = any<double>({0, 0.5, 1, 2, 3.5});
      if (chance(0.4)) {
        c.perColumn = vectorOf(c.columns, 0, 3, 0.3);
      }
      break;
    case 2: job.p[0] = any<double>({-0.9, 1, 2.5}); break;
    case 3:
    case 4:
      job.p[0] = any<double>({0.05, 0.7, 1});
      job.p[1] = 0.3;
      break;
    case 5:
      job.p[0] = any<double>({0, 0.1, 6});
      job.p[1] = 0.5;
      job.p[2] = -4;
      break;
  }
}

void makeElementwise(Case& c) {
  Job& job = c.job;
  const string& id = c.loss.id;
  bool binary = id.find("sigmoid") != string::npos || id == "asymmetric" || id.find("soft_margin") != string::npos ||
                id == "penalty_reduced_focal";
  c.x.make(c.type, c.rows, c.columns, c.layout, below(2) * below(5));
  long long labelType = chance(0.7) ? c.type : any<long long>({FLOAT, DOUBLE, HALF, INT32, UINT8});
  bool integral = labelType == INT32 || labelType == UINT8;
  c.y.make(labelType, c.rows, c.columns, c.labelLayout, below(2) * below(3));
  bool poisson = id == "poisson_nll";
  job.p[0] = poisson ? below(2) : any<double>({0.5, 1, 2});
  bool hard = chance(0.5);
  double size = binary ? magnitudeOf(c.type) : any<double>({0.1, 1, 20});
  for (long long r = 0; r < c.rows; r++) {
    for (long long k = 0; k < c.columns; k++) {
      double x = uniform(-size, size);
      if (poisson) {
        x = job.p[0] != 0 ? uniform(-3, 3) : uniform(0, 4);
      }
      c.x.put(r, k, binary && chance(0.02) ? -INF : chance(0.01) ? NOT_A_NUMBER : x);
      double y = binary ? (hard || integral ? below(2) : uniform(0, 1)) : poisson || integral ? below(5) : uniform(-size, size);
      y = (float)y;  // as precise as any kernel reads it
      c.y.put(r, k, chance(0.1) && !binary && !poisson && !integral ? c.x.get(r, k) : y);
    }
  }
  if (chance(0.25)) {
    c.classWeights = vectorOf(c.columns, 0.1, 3, 0.1);
  }
  fillMask(c, 0.3);
  job.logitScale = 1;
  if (binary) {
    job.smoothing = chance(0.3) ? 0.2 : 0;
    if (chance(0.3)) {
      c.positiveWeights = vectorOf(c.columns, 0.1, 5, 0.1);
    }
  }
  if (chance(0.2)) {
    job.hasIgnored = 1;
    job.ignored = below(2);
  }
  if (id.find("mean_") == 0) {
    job.p[0] = below(2);
  } else if (id == "sigmoid_focal" || id == "poly1_sigmoid_focal") {
    job.p[0] = any<double>({0, 0.5, 1, 2, 3.5});
    job.p[1] = any<double>({NOT_A_NUMBER, 0.25, 0, 1});
    job.p[2] = any<double>({-0.5, 1});
  } else if (id == "penalty_reduced_focal") {
    job.p[0] = any<double>({0, 2, 1.5});
    job.p[1] = any<double>({0, 4, 0.5});
  } else if (id == "asymmetric") {
    job.p[0] = any<double>({0, 1, 2.5});
    job.p[1] = any<double>({0, 1, 4, 0.5});
    job.p[2] = any<double>({0, 0.05, 0.3});
  } else if (id == "quantile") {
    job.p[0] = any<double>({0.1, 0.5, 0.9});
    if (chance(0.4)) {
      c.perColumn = vectorOf(c.columns, 0.05, 0.95, 0);
    }
  } else if (poisson) {
    job.p[1] = below(2);
    job.p[2] = 1e-3;
  }
}

bool isRowMajor(const View& v, long long columns) { return v.columnStride == 1 && v.rowStride == columns && v.outerStride == 0; }

long long sharedBytes(Case& c, const Regime& g) {
  return g.shared * (c.columns + 4) * (c.type == DOUBLE || g.shape == "row" ? 8 : 4);
}

bool fits(Case& c, const Regime& g) {
  const Job& job = c.job;
  const View& x = job.predictions;
  bool gradient = job.gradient.type != ABSENT;
  long long k = c.columns;
  long long least = g.part > 0 ? 1000 : g.least;  // long enough for several parts
  if (g.shape != c.loss.shape || k < least || k > g.most) {
    return false;
  }
  if (sharedBytes(c, g) > 232448 - 4096) {
    return false;
  }
  std::istringstream needs(g.needs);
  for (string need; std::getline(needs, need, ',');) {
    bool holds;
    if (need == "rowmajor") {
      holds = isRowMajor(x, k) && (!gradient || isRowMajor(job.gradient, k));
    } else if (need == "columns") {
      holds = k == 1 || (x.columnStride == 1 && (!gradient || job.gradient.columnStride == 1));
    } else if (need == "few") {
      holds = c.rows <= 64;
    } else if (need == "spread") {
      holds = (c.index || job.smoothing == 0) && job.maskColumns <= 1;
    } else if (need == "across") {
      holds = x.rowStride < x.columnStride;
    } else if (need == "plain") {
      bool labels = c.index || (job.labels.type == x.type && job.labels.columnStride == 1 && c.margin.empty());
      holds = (c.index && job.smoothing == 0) || (job.formula == 0 && job.maskColumns <= 1 && labels);
    } else if (need == "flat") {
      holds = isRowMajor(x, k) && isRowMajor(job.labels, k) && (!gradient || isRowMajor(job.gradient, k)) &&
              (job.maskColumns < 2 || isRowMajor(job.mask, k)) && !job.termsPerRow &&
              (job.terms.type == ABSENT || isRowMajor(job.terms, k));
    } else {
      holds = need == "-";
    }
    if (!holds) {
      return false;
    }
  }
  return true;
}

// ---- what it should be

struct Expected {
  double value = 0;
  /** Size of the terms, for tolerances. */
  double size = 0;
  vector<double> gradient, terms;
  /** Size of what each gradient was made from. */
  vector<double> sizes;
};

Expected expectedSoftmax(Case& c) {
  Job& job = c.job;
  long long K = c.columns;
  Expected e;
  e.gradient.assign(c.rows * K, 0);
  e.sizes.assign(c.rows * K, 0);
  e.terms.assign(c.rows, 0);
  vector<double> z(K), t(K), l(K), rest(K), a(K);
  for (long long r = 0; r < c.rows; r++) {
    double rowMask = 1;
    if (job.maskColumns > 0) {
      rowMask = 0;
      for (long long k = 0; k < job.maskColumns; k++) {
        rowMask += c.mask.get(r, k) / job.maskColumns;
      }
    }
    long long label = c.index ? (long long)c.y.get(r, 0) : -1;
    if (rowMask == 0 || (c.index && job.hasIgnored && label == job.ignored)) {
      continue;
    }
    double sum = 0;
    for (long long k = 0; k < K; k++) {
      sum += c.index ? k == label : c.y.get(r, k);
    }
    double weights = 0;
    for (long long k = 0; k < K; k++) {
      double given = c.index ? k == label : c.y.get(r, k);
      double m = job.maskColumns == 0 ? 1 : c.mask.get(r, job.maskColumns == 1 ? 0 : k);
      double w = (c.classWeights.empty() ? 1 : c.classWeights[k]) * m;
      t[k] = times(w, (1 - job.smoothing) * given + job.smoothing * sum / K);
      weights += t[k];
      z[k] = c.x.get(r, k) + (c.bias.empty() ? 0 : c.bias[k]) - (c.margin.empty() ? 0 : c.margin[k] * given);
      z[k] *= job.logitScale;
    }
    if (weights == 0 && job.zLoss == 0 && (c.loss.shape == "softmax" || c.index)) {
      continue;
    }
    long long top = 0;
    bool broken = false;
    for (long long k = 0; k < K; k++) {
      top = z[k] > z[top] ? k : top;
      broken |= std::isnan(z[k]);
    }
    if (broken) {
      e.terms[r] = NOT_A_NUMBER;
      std::fill_n(e.gradient.begin() + r * K, K, NOT_A_NUMBER);
      e.value = NOT_A_NUMBER;
      continue;
    }
    bool empty = z[top] == -INF;
    double others = 0;
    for (long long k = 0; k < K; k++) {
      others += k == top || empty ? 0 : std::exp(z[k] - z[top]);
    }
    double slopes = 0, value = 0, costs = 0;
    bool whole = c.loss.shape == "whole_row";
    bool own = c.loss.shape == "row";
    for (long long k = 0; k < K; k++) {
      l[k] = empty ? -INF : z[k] - z[top] - std::log1p(others);
      rest[k] = empty ? 1 : k == top ? others / (1 + others) : -std::expm1(l[k]);
      a[k] = 0;
      if (!whole && !own && t[k] != 0) {
        Value v = softmaxFormula(job.formula, l[k], rest[k], c.first(k), job.p);
        value += t[k] * v.value;
        a[k] = t[k] * v.derivative;
        slopes += a[k];
      }
    }
    if (whole) {
      value = wholeRow(c.loss.id, job.p, t, l, rest, (int)top, a);
      for (double slope : a) {
        slopes += slope;
        costs += 0.1 * std::fabs(slope);
      }
    }
    vector<double> byLogits(K);
    if (own) {
      value = ownFormula(c.loss.id, job.p, c.perColumn, t, z, l, byLogits);
      costs = std::accumulate(t.begin(), t.end(), 0.0);
      e.size += costs;
    }
    double logZ = z[top] + std::log1p(others);
    if (empty && own) {
      for (long long k = 0; k < K; k++) {
        e.gradient[r * K + k] = job.scale * job.logitScale * byLogits[k];
      }
    } else if (!empty) {
      value += job.zLoss * rowMask * logZ * logZ;
      double drift = 2 * job.zLoss * rowMask * logZ;
      for (long long k = 0; k < K; k++) {
        double p = std::exp(l[k]);
        double scale = job.scale * job.logitScale;
        // own = a rest - p (S - a)
        e.gradient[r * K + k] = scale * (byLogits[k] + a[k] * rest[k] - p * (slopes - a[k]) + p * drift);
        double left = std::fabs(slopes - a[k]) + 0.02 * std::fabs(slopes) + costs + std::fabs(drift);
        e.sizes[r * K + k] = scale * (std::fabs(a[k]) * rest[k] + p * left + (own ? costs : 0));
      }
    }
    e.terms[r] = value;
    e.value += value;
    e.size += std::fabs(value);
  }
  e.value *= job.scale;
  e.size *= job.scale;
  return e;
}

Expected expectedElementwise(Case& c) {
  Job& job = c.job;
  Expected e;
  e.gradient.assign(c.rows * c.columns, 0);
  e.sizes.assign(c.rows * c.columns, 0);
  e.terms.assign(job.termsPerRow ? c.rows : c.rows * c.columns, 0);
  for (long long r = 0; r < c.rows; r++) {
    for (long long k = 0; k < c.columns; k++) {
      double y = c.y.get(r, k);
      double w = c.classWeights.empty() ? 1 : c.classWeights[k];
      w *= job.maskColumns == 0 ? 1 : c.mask.get(r, job.maskColumns == 1 ? 0 : k);
      if (w == 0 || (job.hasIgnored && y == job.ignored)) {
        continue;
      }
      y = job.smoothing == 0 ? y : y * (1 - job.smoothing) + job.smoothing / 2;
      double pos = c.positiveWeights.empty() ? 1 : c.positiveWeights[k];
      Value v = elementFormula(c.loss.id, c.columns, c.x.get(r, k), y, pos, c.first(k), job.p);
      long long i = r * c.columns + k;
      e.gradient[i] = job.scale * w * v.derivative;
      // differences of float numbers that are themselves rounded
      e.sizes[i] = std::fabs(e.gradient[i]);
      e.value += w * v.value;
      e.size += std::fabs(w * v.value);
      e.terms[job.termsPerRow ? r : i] += w * v.value;
    }
  }
  e.value *= job.scale;
  e.size *= job.scale;
  return e;
}

bool close(double got, double expected, double relative, double size, double absolute) {
  if (std::isnan(expected) || std::isinf(expected)) {
    return std::isnan(expected) ? std::isnan(got) : got == expected;
  }
  return std::fabs(got - expected) <= relative * (std::fabs(expected) + size) + absolute;
}

string describe(Case& c, const Regime& g) {
  std::ostringstream s;
  s << c.loss.id << " type " << c.type << " [" << c.rows << "," << c.columns << "] regime " << g.name << "/" << g.lanes
    << (c.index ? " index" : " dense") << " labels " << c.job.labels.type << " layouts " << c.layout << c.labelLayout
    << c.gradientLayout << " smoothing " << c.job.smoothing << " zLoss " << c.job.zLoss << " mask " << c.job.maskColumns
    << " weights " << !c.classWeights.empty() << " bias " << !c.bias.empty() << " margin " << !c.margin.empty()
    << " scale " << c.job.logitScale << " ignored " << c.job.hasIgnored << " p " << c.job.p[0] << "," << c.job.p[1] << ","
    << c.job.p[2];
  return s.str();
}

int failures = 0;
std::map<string, long long> runs;

void complain(Case& c, const Regime& g, const string& what, long long at, double got, double expected) {
  if (++failures <= 20) {
    std::printf("%s: %s at %lld is %.9g, expected %.9g\n", describe(c, g).c_str(), what.c_str(), at, got, expected);
  }
}

double launch(Case& c, const Regime& g, const Job& wanted, bool value, vector<long long>& fault) {
  const char* names[] = {"", "float", "double", "half", "bfloat16"};
  string name = "loss4j_" + c.loss.stem + "_" + (c.loss.shape == "row" ? "any" : names[c.type]) + "_" + g.name;
  Entry* entry = Entry::find(name.c_str());
  if (entry == nullptr) {
    std::printf("there is no entry %s\n", name.c_str());
    std::exit(1);
  }
  Job job = wanted;
  job.lanes = g.lanes;
  job.keepsRow = g.shared > 0;
  job.parts = g.part == 0 ? 1 : std::max(1ll, std::min((c.columns + 999) / 1000, g.blocks / std::max(1ll, c.rows)));
  long long units = g.needs.find("flat") != string::npos ? c.rows * c.columns : c.rows;
  // few blocks, so that each takes several turns
  unsigned blocks = (unsigned)std::max(1ll, std::min({g.blocks, (units + g.units - 1) / g.units, 5ll}));
  if (g.part > 0) {
    blocks = (unsigned)std::max(1ll, c.rows * job.parts);
  }
  vector<double> partials(blocks * (g.part > 0 ? 7 : 1), NOT_A_NUMBER);
  double result = NOT_A_NUMBER;
  fault.assign(4, 0);
  job.partials = partials.data();
  job.value = value ? &result : nullptr;
  job.fault = fault.data();
  bool sums = !c.index || job.smoothing != 0;
  for (long long phase : {PARTITION, SUMS, RESULTS}) {
    if (phase == RESULTS || (job.parts > 1 && (phase == PARTITION || sums))) {
      job.phase = phase;
      runGrid(*entry, blocks, g.threads, (unsigned)sharedBytes(c, g), job);
      runs[name + (job.parts > 1 ? "+" : "")]++;
    }
  }
  return result;
}

void check(Case& c) {
  Job& job = c.job;
  Expected expected = c.loss.shape != "elementwise" ? expectedSoftmax(c) : expectedElementwise(c);
  bool softmax = c.loss.shape != "elementwise";
  double arithmetic = c.type == DOUBLE ? 1e-11 : 1e-5;
  double rounding = c.type == HALF ? 6e-4 : c.type == BFLOAT16 ? 4.5e-3 : 0;
  double tiny = c.type == HALF ? 4e-8 : c.type == DOUBLE ? 1e-300 : 1e-37;
  // what the largest logits leave of the digits of their differences
  double argument = 0;
  for (long long r = 0; r < c.rows; r++) {
    for (long long k = 0; k < c.columns; k++) {
      double z = std::fabs(c.x.get(r, k) * job.logitScale);
      argument = std::isfinite(z) ? std::max(argument, z) : argument;
    }
  }
  bool roundedLogits = !c.bias.empty() || !c.margin.empty() || job.logitScale != 1;
  double unit = c.type == DOUBLE ? 1.1e-16 : 6e-8;
  if (softmax && roundedLogits) {
    arithmetic += 4 * unit * (argument + 5);
  }
  for (const Regime& g : regimes) {
    Job given = job;
    job.gradient = View{};
    bool fitsWithout = fits(c, g);
    job = given;
    // a block for each of many short rows would take most of the time
    bool slow = g.lanes > 32 && c.rows > 33 && c.columns < 1000;
    if (!fitsWithout || !fits(c, g) || slow) {
      continue;
    }
    vector<char> poisonGradient = c.gradient.bytes, poisonTerms = c.terms.bytes;
    vector<long long> fault;
    double value = launch(c, g, job, true, fault);
    if (fault[0] != 0) {
      complain(c, g, "fault", 0, (double)fault[0], 0);
    }
    if (!close(value, expected.value, arithmetic, expected.size, tiny)) {
      complain(c, g, "value", 0, value, expected.value);
    }
    bool perRow = softmax || job.termsPerRow;
    for (long long i = 0; i < (long long)expected.terms.size() && job.terms.type != ABSENT; i++) {
      double got = perRow ? c.terms.get(i, 0) : c.terms.get(i / c.columns, i % c.columns);
      if (!close(got, expected.terms[i], arithmetic + (job.terms.type == FLOAT ? 1e-7 : 0), 0, std::max(tiny, 1e-37) + (softmax ? 0 : 1e-7))) {
        complain(c, g, "term", i, got, expected.terms[i]);
        break;
      }
    }
    for (long long i = 0; i < c.rows * c.columns && job.gradient.type != ABSENT; i++) {
      double got = c.gradient.get(i / c.columns, i % c.columns);
      double absolute = tiny + 1e-30 + (softmax ? 0 : arithmetic * 1e-2);
      bool overflow = c.type == HALF && std::fabs(expected.gradient[i]) > 65000;
      if (!overflow && !close(got, expected.gradient[i], arithmetic + rounding, 0, absolute + arithmetic * expected.sizes[i])) {
        complain(c, g, "gradient", i, got, expected.gradient[i]);
        break;
      }
    }
    if (!c.gradient.poisonIsWhole() || !c.terms.poisonIsWhole()) {
      complain(c, g, "a write outside", 0, 0, 0);
    }
    vector<char> gradient = c.gradient.bytes, terms = c.terms.bytes;
    // the same bits again, and whatever else is wanted
    for (int i = 0; i < 4; i++) {
      Job some = job;
      if (i == 1) {
        some.gradient = View{};
      } else if (i == 2) {
        some.terms = View{};
      }
      c.gradient.bytes = poisonGradient;
      c.terms.bytes = poisonTerms;
      double again = launch(c, g, some, i != 3, fault);
      bool same = i == 3 || sameBits<long long>(again) == sameBits<long long>(value) || (again != again && value != value);
      same &= i == 1 || gradient == c.gradient.bytes;
      same &= i == 2 || terms == c.terms.bytes;
      if (!same) {
        complain(c, g, "bits of other outputs", i, again, value);
      }
    }
    c.gradient.bytes = poisonGradient;
    c.terms.bytes = poisonTerms;
  }
}

void randomCase() {
  Case c;
  c.loss = any(losses);
  c.type = any(FLOATING);
  do {
    c.rows = any(ROWS);
    c.columns = any(COLUMNS);
    // steps grow with the square of the columns
  } while (c.rows * c.columns > (c.loss.shape == "row" ? 5000 : 70000) ||
           (c.columns > 300 && (c.loss.id == "multilabel_ranking" || c.loss.id == "seesaw")));
  c.layout = any<Layout>({ROW_MAJOR, ROW_MAJOR, ROW_MAJOR, PADDED_ROWS, COLUMN_MAJOR, SPREAD, CHANNELS_FIRST});
  c.labelLayout = chance(0.7) ? c.layout : any<Layout>({ROW_MAJOR, PADDED_ROWS, COLUMN_MAJOR, SPREAD});
  c.gradientLayout = chance(0.8) ? c.layout : any<Layout>({ROW_MAJOR, PADDED_ROWS, COLUMN_MAJOR, SPREAD});
  bool softmax = c.loss.shape != "elementwise";
  if (softmax) {
    makeSoftmax(c);
  } else {
    makeElementwise(c);
  }
  c.job.scale = any<double>({1, 0.125, 1.0 / 3});
  c.gradient.make(c.type, c.rows, c.columns, c.gradientLayout, below(2) * below(5));
  c.gradient.claim();
  if (chance(0.9)) {
    c.job.gradient = c.gradient.view;
  }
  bool perRow = softmax || chance(0.3);
  c.terms.make(any<long long>({FLOAT, DOUBLE, DOUBLE}), c.rows, perRow ? 1 : c.columns, perRow ? PADDED_ROWS : c.layout, 1);
  c.terms.claim();
  if (chance(0.5)) {
    c.job.terms = c.terms.view;
    c.job.termsPerRow = !softmax && perRow;
  }
  finishCase(c);
  check(c);
}

/** Wrong class indices are found, the first of them is named, and masked rows may hold any. */
void checkFaults() {
  for (const Regime& g : regimes) {
    if (g.shape != "softmax") {
      continue;
    }
    for (double wrong : {-1.0, 1e9, 2.5}) {
      Case c;
      c.loss = losses[0];
      c.type = FLOAT;
      c.rows = 257;
      c.columns = std::max(g.least, std::min(g.most, 40ll));
      c.layout = c.gradientLayout = g.needs == "across" ? COLUMN_MAJOR : ROW_MAJOR;
      c.labelLayout = PADDED_ROWS;
      c.index = true;
      c.x.make(FLOAT, c.rows, c.columns, c.layout, 0);
      c.y.make(wrong == 2.5 ? DOUBLE : INT64, c.rows, 1, PADDED_ROWS, 0);
      c.mask.make(FLOAT, c.rows, 1, ROW_MAJOR, 0);
      for (long long r = 0; r < c.rows; r++) {
        c.y.put(r, 0, r == 7 || r == 100 || r == 200 ? wrong : 0);
        c.mask.put(r, 0, r == 7 && wrong != 2.5 ? 0 : 1);
        for (long long k = 0; k < c.columns; k++) {
          c.x.put(r, k, 1);
        }
      }
      c.job.labelsAreIndices = 1;
      c.job.logitScale = c.job.scale = 1;
      c.job.mask = c.mask.view;
      c.job.maskColumns = 1;
      finishCase(c);
      vector<long long> fault;
      launch(c, g, c.job, wrong < 0, fault);
      long long row = wrong == 2.5 ? 7 : 100;
      long long label = wrong == 2.5 ? sameBits<long long>(wrong) : (long long)wrong;
      if (fault[0] != 1000 + row + 1 || fault[1] != label || fault[2] != (wrong == 2.5)) {
        complain(c, g, "fault", fault[0], (double)fault[1], wrong);
      }
    }
  }
}

int main(int count, char** words) {
  if (count < 2) {
    std::fprintf(stderr, "usage: selfcheck kernels.table [jobs [seed [stem]]]\n");
    return 2;
  }
  readTable(words[1]);
  int jobs = count > 2 ? std::atoi(words[2]) : 3000;
  engine.seed(count > 3 ? std::atoll(words[3]) : 1);
  if (count > 4) {
    losses.erase(std::remove_if(losses.begin(), losses.end(), [&](const Loss& l) { return l.stem != words[4]; }), losses.end());
  } else {
    checkFaults();
  }
  for (int i = 0; i < jobs; i++) {
    randomCase();
  }
  long long launches = 0;
  long long spread = 0;
  for (const auto& run : runs) {
    launches += run.second;
    spread += run.first.back() == '+' ? run.second : 0;
  }
  std::printf("%d jobs, %zu entries, %lld launches (%lld of rows spread over blocks), %d failures\n", jobs, runs.size(),
              launches, spread, failures);
  return failures == 0 ? 0 : 1;
}

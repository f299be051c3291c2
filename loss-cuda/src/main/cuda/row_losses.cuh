#pragma once

#include "softmax_row.cuh"

// Losses of a row that no functor of a class expresses, in double. Each returns the value and writes the gradient by the
// logits, each thread for its own classes, whose gradients are 0 before.

/** A row in shared memory. */
struct SharedNumbers {
  const int columns;
  double* const logits;
  double* const targets;
  double* const gradient;

  __device__ explicit SharedNumbers(const Job& job)
      : columns((int)job.columns),
        logits(reinterpret_cast<double*>(dynamicShared)),
        targets(logits + columns),
        gradient(targets + columns) {}
};

/** What the losses are given. */
struct OwnRow {
  const Job& job;
  /** The only class with a target, or SOFT. */
  const int hot;
  Block& team;
  const SharedNumbers& numbers;

  /** f(k, logit, target, gradient) for the classes of this thread. */
  template <class Body>
  __device__ void each(Body body) const {
#pragma unroll 1
    for (int k = team.lane; k < numbers.columns; k += team.lanes) {
      body(k, numbers.logits[k], numbers.targets[k], numbers.gradient[k]);
    }
  }

  __device__ double sum(double ofThread) const { return team.reduce(ofThread, Sum()); }

  __device__ double sumOfTargets() const {
    double total = 0;
    each([&](int, double, double t, double&) { total += t; });
    return sum(total);
  }

  __device__ double largest() const {
    double largest = -infinity<double>();
    each([&](int, double logit, double, double&) { largest = larger(largest, logit); });
    return team.reduce(largest, Largest());
  }

  /** The softmax of changed logits. */
  template <class Change>
  __device__ Partition<double> partition(Change change) const {
    RunningPartition<double> running;
    each([&](int k, double logit, double, double&) { running.add(change(k, logit)); });
    running.combine(team);
    return running.partition();
  }

  __device__ Partition<double> partition() const {
    return partition([](int, double logit) { return logit; });
  }
};

/** sum t_i (-log softmax(z + log S_i))_i; class counts per column, p, q, epsilon. The softmax in S is held constant. */
struct Seesaw {
  const OwnRow& row;
  Partition<double> softmax;

  __device__ double count(int k) const { return larger(1.0, row.job.perColumn[k]); }

  /** z_j + log(M_ij C_ij) for a label i whose probability counts with this logarithm. */
  __device__ double shifted(int i, double log, int j, double logit) const {
    if (i == j) {
      return logit;
    }
    double mitigation = smaller(0.0, logarithm(count(j) / count(i)));
    return logit + row.job.p[1] * mitigation + row.job.p[2] * larger(0.0, softmax.logOf(logit) - log);
  }

  __device__ double ofLabel(int i, double target) const {
    double own = row.numbers.logits[i];
    double log = larger(softmax.logOf(own), logarithm(row.job.p[3]));
    Partition<double> all = row.partition([&](int j, double logit) { return shifted(i, log, j, logit); });
    if (!all.empty) {
      row.each([&](int j, double logit, double, double& g) {
        double e = exponentialOf(shifted(i, log, j, logit), all);
        g += target * (i == j ? -all.rest(e) : all.p(e));
      });
    }
    return -target * all.logOf(own);
  }

  __device__ double compute() {
    softmax = row.partition();
    double value = 0;
    int first = row.hot >= 0 ? row.hot : 0;
    int last = row.hot >= 0 ? row.hot : row.numbers.columns - 1;
    for (int i = first; i <= last; i++) {
      double target = row.numbers.targets[i];
      value += target == 0 ? 0 : ofLabel(i, target);
    }
    return value;
  }
};

/**
 * T sum_k y_k (log_t1 y_k - log_t1 p_k) - (y_k^(2-t1) - p_k^(2-t1)) / (2 - t1), y = t / T, p the tempered softmax; t1, t2,
 * label_entropy.
 */
struct BiTemperedLogistic {
  const OwnRow& row;
  const double t1;
  const double t2;
  /** Of the usual softmax, where t2 is 1. */
  Partition<double> softmax;
  /** Of the tempered one: the largest logit plus lambda. */
  double origin = 0;
  bool tempered = false;

  __device__ explicit BiTemperedLogistic(const OwnRow& row) : row(row), t1(row.job.p[0]), t2(row.job.p[1]) {}

  __device__ double logP(double logit) const {
    return tempered ? -logOnePlus((t2 - 1) * (origin - logit)) / (t2 - 1) : softmax.logOf(logit);
  }

  /** The sum falls and is convex in lambda: from the left, Newton's steps never go too far. */
  __device__ void normalise() {
    double largest = row.largest();
    tempered = t2 != 1 && largest != -infinity<double>();
    if (!tempered) {
      softmax = row.partition();
      return;
    }
    double lambda = 0;
    for (int round = 0; round < 100; round++) {
      origin = largest + lambda;
      double sum = 0;
      double slope = 0;
      row.each([&](int, double logit, double, double&) {
        double log = logP(logit);
        sum += exponential(log);
        slope += exponential(t2 * log);
      });
      sum = row.sum(sum);
      slope = row.sum(slope);
      double next = lambda + (sum - 1) / slope;
      if (!(sum - 1 > 2.220446049250313e-16 && next > lambda)) {
        break;
      }
      lambda = next;
    }
  }

  /** log_t1 of the number with this logarithm. */
  __device__ double temperedLog(double log) const {
    return t1 == 1 ? log : exponentialMinusOne((1 - t1) * log) / (1 - t1);
  }

  __device__ double compute() {
    normalise();
    double total = row.sumOfTargets();
    double value = 0;
    double pulls = 0;
    double escorts = 0;
    row.each([&](int, double logit, double t, double& g) {
      double log = logP(logit);
      double y = total == 0 ? 0 : t / total;
      double logY = logarithm(y);
      double ofLabel = y == 0 || row.job.p[2] == 0 ? 0 : y * temperedLog(logY);
      double ofLabels = y == 0 ? 0 : exponential((2 - t1) * logY);
      value += total * (ofLabel - (ofLabels - exponential((2 - t1) * log)) / (2 - t1)) - weighted(t, temperedLog(log));
      g = (t1 == t2 ? 1 : exponential((t2 - t1) * log)) * (total * exponential(log) - t);
      pulls += g;
      escorts += exponential(t2 * log);
    });
    value = row.sum(value);
    pulls = row.sum(pulls);
    escorts = row.sum(escorts);
    row.each([&](int, double logit, double, double& g) {
      g = escorts == 0 ? 0 : g - exponential(t2 * logP(logit)) / escorts * pulls;
    });
    return value;
  }
};

/** T/2 sum_(p_k > 0) (z_k^2 - tau^2) - sum t_k z_k + sum t_k^2 / (2 T), p = max(0, z - tau) with the sum 1. */
struct Sparsemax {
  const OwnRow& row;

  /** tau of the logits less their largest. Newton's method, from below: ever fewer logits above tau, until no fewer. */
  __device__ double threshold(double largest) const {
    double tau = -1;
    double before = infinity<double>();
    while (true) {
      double count = 0;
      double sum = 0;
      row.each([&](int, double logit, double, double&) {
        bool above = !(logit - largest <= tau);  // NaN too, which ends all
        count += above ? 1 : 0;
        sum += above ? logit - largest : 0;
      });
      count = row.sum(count);
      sum = row.sum(sum);
      if (!(count < before && sum == sum)) {
        return sum == sum ? tau : sum;
      }
      before = count;
      tau = (sum - 1) / count;
    }
  }

  __device__ double compute() const {
    double largest = row.largest();
    bool possible = largest != -infinity<double>();
    double top = possible ? largest : 0;
    double tau = possible ? threshold(top) : 0;
    double total = row.sumOfTargets();
    double value = 0;
    row.each([&](int, double logit, double t, double& g) {
      double z = logit - top;
      double p = z - tau <= 0 ? 0 : z - tau;
      double inside = total * weighted(p, z + tau);
      value += (inside + (total == 0 ? 0 : t * t / total)) / 2 - weighted(t, z);
      g = possible ? total * p - t : 0;
    });
    return row.sum(value);
  }
};

/** 1/(|P| |N|) sum_(j in P) t_j sum_(i in N) e(x_i - x_j), P: t_j != 0, N: t_i = 0; e = exp, beyond 50 its tangent. */
struct MultilabelRanking {
  const OwnRow& row;

  __device__ double compute() const {
    double present = 0;
    double most = -infinity<double>();
    double least = infinity<double>();
    row.each([&](int, double x, double t, double&) {
      present += t != 0 ? 1 : 0;
      most = t == 0 ? larger(most, x) : most;
      least = t != 0 ? smaller(least, x) : least;
    });
    present = row.sum(present);
    most = row.team.reduce(most, Largest());
    least = -row.team.reduce(-least, Largest());
    double pairs = present * (row.numbers.columns - present);
    if (pairs == 0) {
      return 0;
    }
    bool finite = most != -infinity<double>() && least != infinity<double>();
    return finite && most - least <= 50 ? byFactors(1 / pairs, most, least) : byPairs(1 / pairs);
  }

  /** No pair is beyond 50: exp(x_i - x_j) = exp(x_i - most) exp(least - x_j) exp(most - least). */
  __device__ double byFactors(double share, double most, double least) const {
    double absent = 0;
    double present = 0;
    row.each([&](int, double x, double t, double& g) {
      g = t == 0 ? exponential(x - most) : -t * exponential(least - x);
      absent += t == 0 ? g : 0;
      present -= t == 0 ? 0 : g;
    });
    absent = row.sum(absent);
    present = row.sum(present);
    double common = share * exponential(most - least);
    row.each([&](int, double, double t, double& g) { g *= common * (t == 0 ? present : absent); });
    return common * absent * present;
  }

  /** As the formula says. */
  __device__ double byPairs(double share) const {
    const SharedNumbers& all = row.numbers;
    double value = 0;
    row.each([&](int, double x, double t, double& g) {
#pragma unroll 1
      for (int i = 0; i < all.columns; i++) {
        double other = all.targets[i];
        if ((t == 0) == (other == 0)) {
          continue;
        }
        double d = t == 0 ? x - all.logits[i] : all.logits[i] - x;
        double slope = share * (t == 0 ? other : t) * exponential(d > 50 ? 50 : d);
        g += t == 0 ? slope : -slope;
        value += t == 0 ? 0 : d > 50 ? slope * (1 + d - 50) : slope;
      }
    });
    return row.sum(value);
  }
};

/** The loss of a number in kernels.table. */
__device__ inline double rowLoss(const Job& job, int hot, Block& team, const SharedNumbers& numbers) {
  OwnRow row{job, hot, team, numbers};
  switch (job.formula) {
    case 0:
      return Seesaw{row}.compute();
    case 1:
      return BiTemperedLogistic(row).compute();
    case 2:
      return Sparsemax{row}.compute();
    default:
      return MultilabelRanking{row}.compute();
  }
}

/** zLoss m logsumexp(z)^2, and its gradient on top. */
__device__ inline double zLoss(const Job& job, double rowWeight, Block& team, const SharedNumbers& numbers) {
  if (job.zLoss == 0) {
    return 0;
  }
  OwnRow row{job, SOFT, team, numbers};
  Partition<double> softmax = row.partition();
  if (softmax.empty) {
    return 0;
  }
  double logPartition = softmax.max + softmax.logTotal();
  double factor = job.zLoss * rowWeight;
  row.each([&](int, double logit, double, double& g) {
    g += 2 * factor * logPartition * softmax.p(exponentialOf(logit, softmax));
  });
  return factor * logPartition * logPartition;
}

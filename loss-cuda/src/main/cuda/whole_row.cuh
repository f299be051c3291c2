#pragma once

#include "softmax_row.cuh"
#include "whole_row_losses.cuh"

struct Smallest {
  __device__ int operator()(int a, int b) const { return a < b ? a : b; }
};

/** Computes a row of a loss of all its log-probabilities, and returns its term; Row as for SoftmaxFamily. */
struct WholeRowFamily {
  template <class A, class Row, class Team>
  __device__ static double compute(const Job& job, long long row, Team& team, Row& z) {
    Targets<A> targets = loadTargets<A>(job, row, team);
    double value = 0;
    if (targets.hot != NOTHING) {
      A largest = z.load(targets);
      Partition<A> partition = z.partition(targets, largest, team, false);
      RowFacts<A> facts = gather(targets, team, z, partition);
      A terms = 0;
      A slopeSum = 0;
      z.template each<true>(targets, [&](int k, A logit, A t) {
        Term<A> term = termAt(job, k, logit, t, partition, facts);
        terms += term.value;
        slopeSum += term.derivative;
      });
      value = team.reduce(terms, Sum());
      slopeSum = team.reduce(slopeSum, Sum());
      if (!partition.empty) {
        A logPartition = partition.max + partition.logTotal();
        A drift = 2 * (A)job.zLoss * targets.rowWeight * logPartition;
        A scale = (A)(job.scale * job.logitScale);
        z.template write<true>(
    targets,
            [&](int k, A logit, A t) -> A {
              A e = exponentialOf(logit, partition);
              A slope = termAt(job, k, logit, t, partition, facts).derivative;
              return scale * (slope * partition.rest(e) + partition.p(e) * (drift - (slopeSum - slope)));
            },
            -1, 0);
        return value + (job.zLoss == 0 ? 0 : job.zLoss * targets.rowWeight * logPartition * logPartition);
      }
    }
    z.template write<false>(targets, [](int, A, A) -> A { return 0; }, -1, 0);
    return value;
  }

  template <class A, class Row, class Team>
  __device__ static RowFacts<A> gather(const Targets<A>& targets, Team& team, Row& z, const Partition<A>& partition) {
    const Job& job = targets.job;
    RowFacts<A> facts;
    z.template each<true>(targets, [&](int k, A logit, A t) {
      A e = exponentialOf(logit, partition);
      facts.targetSum += t;
      if ((logit == partition.max || partition.empty) && k < facts.top) {
        facts.top = k;
      }
      withWholeRowLoss(job, [&](auto loss) {
        A cost = loss.cost(job, partition.logOf(logit), partition.p(e), partition.rest(e)).value;
        facts.all += cost;
        facts.given += weighted(t, cost);
        facts.impossible += cost == infinity<A>() ? 1 : 0;
      });
    });
    facts.targetSum = team.reduce(facts.targetSum, Sum());
    facts.top = team.reduce(facts.top, Smallest());
    facts.all = team.reduce(facts.all, Sum());
    facts.given = team.reduce(facts.given, Sum());
    facts.impossible = team.reduce(facts.impossible, Sum());
    return facts;
  }

  template <class A>
  __device__ static Term<A> termAt(
      const Job& job, int k, A logit, A t, const Partition<A>& partition, const RowFacts<A>& facts) {
    A e = exponentialOf(logit, partition);
    Term<A> term;
    withWholeRowLoss(job, [&](auto loss) {
      term = loss.at(job, k, t, partition.logOf(logit), partition.p(e), partition.rest(e), facts);
    });
    return term;
  }
};

#include "bench/harness.h"

#include <benchmark/benchmark.h>

namespace
{

class collector : public benchmark::BenchmarkReporter
{
  public:
    double ns = 0;

    bool ReportContext(const Context &) override
    {
        return true; /* machine.h describes the machine */
    }

    void ReportRuns(const std::vector<Run> &runs) override
    {
        ns = runs.front().GetAdjustedRealTime();
    }
};

} // namespace

double vw_harness_time(const char *name, void (*run)(const void *context),
                       double (*run_ns)(const void *context), const void *context,
                       size_t iterations)
{
    collector reporter;
    benchmark::internal::Benchmark *made;

    benchmark::ClearRegisteredBenchmarks();
    if (run != nullptr) {
        made = benchmark::RegisterBenchmark(name, [=](benchmark::State &state) {
            for (auto _ : state) {
                run(context);
            }
        });
    } else {
        made = benchmark::RegisterBenchmark(name, [=](benchmark::State &state) {
            for (auto _ : state) {
                state.SetIterationTime(run_ns(context) * 1e-9);
            }
        });
        made->UseManualTime();
    }
    made->Iterations((benchmark::IterationCount)iterations);
    benchmark::RunSpecifiedBenchmarks(&reporter);
    return reporter.ns;
}

using System.Globalization;
using KeysCluster.Benchmarks.Observed;
using KeysCluster.Benchmarks.Validation;
using KeysCluster.TestKit.Reporting;
using static KeysCluster.Benchmarks.Reporting.FigureFormat;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The sections on single calls: (a) and (b), and (j).</summary>
internal static class CallReport
{
    public static void Append(MarkdownDocument document, BenchmarkReport report)
    {
        if (report is not { Validation: { } validation, GrainCalls: { } grainCalls, ClientCalls: { } clientCalls })
            return;
        document.Append("## Validation by a single caller");
        AppendCalls(document, "From the cache, in the process of the silo:", validation);
        AppendCalls(document, "By a call of the key's grain, in the process of the silo:", grainCalls);
        AppendCalls(document, "By a call of the key's grain, from an Orleans client in another process:", clientCalls);
        document.Append($"""
            - Cached validations: {ValidationRounds.Count} runs of BenchmarkDotNet. Grain calls: {GrainCallRounds.Count}
              rounds of about a tenth of a second each. The silo stores states in memory. The key is active and has one
              secret, and its grain is activated.
            - `empty_grain_call` calls a grain method that takes the arguments of a validation and does nothing.
              `verdict_grain_call` returns a precomputed verdict: the minimum cost of a grain call that returns one.
            - `cached_validate` and `validator_validate` take the text of the secret and are answered from the cache, in
              the process of the silo and in that of the client. `grain_validate` takes the digest of the secret.
            - Allocations are those of the caller's process, including a few bytes of background work.
            """);
    }

    public static void AppendObserved(MarkdownDocument document, IReadOnlyList<CallFigures> observed)
    {
        document.Append("## Validation with telemetry");
        AppendCalls(document, "By a single caller in the process of the silo:", observed);
        document.Append($"""
            - {ObservedRounds.Count} rounds. In each, a silo without telemetry and one with it are started and measured.
            - A silo with telemetry collects metrics for `/metrics` and exports metrics, sampled traces and logs over
              OTLP to a collector in the same process that drops them: metrics every
              {ObservedRounds.ExportInterval.TotalSeconds} s, which is more often than by default. One request in a
              hundred is traced, which is the default. `/metrics` is not read.
            """);
    }

    private static void AppendCalls(MarkdownDocument document, string title, IReadOnlyList<CallFigures> calls) =>
        document.Append(title).AppendTable(
            ["Call", "Time, ns", "Rounds, from – to", "Over its baseline", "Allocated, B"],
            calls.Select(call => new[]
            {
                call.Name,
                FormatFigure(call.Nanoseconds.Median),
                FormatRange(call.Nanoseconds),
                call.Name == call.Baseline ? "1" : FormatFigure(call.OverBaseline.Median),
                call.AllocatedBytes.ToString(CultureInfo.InvariantCulture),
            }));
}

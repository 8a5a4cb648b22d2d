using System.Globalization;
using System.Text;
using KeysCluster.Benchmarks.Validation;
using static KeysCluster.Benchmarks.Reporting.MarkdownTableExtensions;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The report's part on single calls: (a) and (b).</summary>
internal static class CallReport
{
    public static void Write(StringBuilder text, BenchmarkReport report)
    {
        if (report is not { Validation: { } validation, GrainCalls: { } grainCalls, ClientCalls: { } clientCalls }) return;
        text.Append("\n## Validation: one caller, one call after the other\n\nFrom memory, in the silo's process:\n\n");
        AppendCalls(text, validation);
        text.Append("\nThrough the key's grain, in the silo's process:\n\n");
        AppendCalls(text, grainCalls);
        text.Append("\nThe same from an Orleans client in another process:\n\n");
        AppendCalls(text, clientCalls);

        text.Append(CultureInfo.InvariantCulture, $"""

            - Calls from memory: {ValidationRounds.Count} runs of BenchmarkDotNet. Grain calls: {GrainCallRounds.Count} rounds of about a tenth of a second to each. The silo
              keeps its states in memory; the key is active, has one secret, and its grain is awake.
            - `empty_grain_call` is a grain whose one method takes what a validation takes and does nothing;
              `verdict_grain_call` answers a verdict that it was told before: the floor of any grain that answers one.
            - `cached_validate` and `validator_validate` begin with the secret's text and answer from memory, in the silo's process
              and in the client; `grain_validate` begins with its digest.
            - Allocations are those of the whole process of the caller, so a few bytes of background work are in them.

            """);
    }

    private static void AppendCalls(StringBuilder text, IReadOnlyList<CallFigures> calls) => text.AppendTable(
        ["Call", "Time, ns", "Rounds, from – to", "Over its baseline", "Allocated, B"],
        calls.Select(call => new[]
        {
            call.Name, FormatFigure(call.Nanoseconds.Median), FormatRange(call.Nanoseconds),
            call.Name == call.Baseline ? "1" : FormatFigure(call.OverBaseline.Median),
            call.AllocatedBytes.ToString(CultureInfo.InvariantCulture),
        }));
}

using KeysCluster.Benchmarks.Rotation;
using KeysCluster.Benchmarks.Scale;
using KeysCluster.Benchmarks.Validation;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The words between the tables of the report.</summary>
internal static class ReportText
{
    public const string Head = """
        # Benchmarks

        Written by `dotnet run -c Release --project tests/Benchmarks`; the same figures are in `report.json`. Only the
        ratios can be compared between machines and runs. Those of calls are time over time (smaller is better, 1 is the
        floor), those of rotations are throughput over throughput at the same concurrency `c` (larger is better, 1 is the
        ceiling of what writes once). Those of reminders are many outstanding ones over few. With `-- --reminders` only
        the figures of reminders are measured again.

        """ + "\n";

    public const string Calls = """

        ## Validation: what stands behind the ratios

        One caller, one call after the other, in the process of the silo.

        """ + "\n";

    public const string Rotations = """

        ## Rotation: what stands behind the ratios

        """ + "\n";

    public static string Method(Report report) => $"""

        ## How the figures were had

        - Machine: {report.Machine.Cores} cores, {RoundedNumber.Text(report.Machine.MemoryGiB)} GiB, {report.Machine.Architecture}, {report.Machine.Runtime}, {(report.Machine.ServerGc ? "server" : "workstation")} GC. Everything
          runs on it at once: load, node and PostgreSQL share its cores.
        - Baselines and subjects take turns. A ratio is that of neighbours in one round; the tables show the median of the
          rounds ({ValidationRounds.Count} of calls, {RotationRounds.Count} of rotations), p50 and p99 are over all changes of all rounds.
        - Calls: BenchmarkDotNet in its own process, with the service's grains in a silo on memory storage.
          `empty_grain_call` is a grain whose one method takes a digest and does nothing; `validator_validate` begins with
          the secret's text, `grain_validate` with its digest. The key is active, has one secret, and its grain is awake.
        - Rotations: `bare_update` is one prepared `UPDATE … SET payload, version WHERE id AND version` by primary key, on
          connections held open, of rows as large as a key's state after one rotation ({report.Rotation.PayloadBytes[0]} bytes) and after two
          ({report.Rotation.PayloadBytes[1]} bytes). `rotate_grain` calls the grain in the silo's process; `rotate_http` calls a node that is
          another process. All write to one PostgreSQL on this machine, with `fsync` and `synchronous_commit` on.
        {ReminderReport.Method().TrimEnd()}
        {ScaleReport.Method().TrimEnd()}
        - `first` is the first rotation of a key in its grain's life, as most are: it writes the reminder of the erasure and
          then the key. `again` is the next one, which writes the key alone. Either write of a key also writes its audit
          row, in the same transaction.

        ## What they do not say

        - Nothing of a network: every hop is loopback, and clients take processor time from what they measure.
        - Nothing of cold keys: a grain that sleeps reads its row first.
        - Nothing is observed, as in a node that exports neither traces nor metrics. Tracing makes an empty grain call
          three to six times as long.
        - Concurrent validations are not measured here, nor those from another process.
        - BenchmarkDotNet counts the allocations of the whole process, so a few bytes of background work are in them.

        """;
}

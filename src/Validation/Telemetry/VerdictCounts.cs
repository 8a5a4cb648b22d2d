using KeysCluster.VirtualKeys;

namespace KeysCluster.Validation.Telemetry;

/// <summary>
/// The numbers of verdicts by path and code. A measurement of a counter costs a tenth of a cached validation when it is
/// observed; an increment costs a few nanoseconds. Each processor has numbers of its own, so that concurrent
/// validations do not contend for one cache line. Thread-safe.
/// </summary>
internal sealed class VerdictCounts
{
    /// <summary>One in so many cached validations is timed.</summary>
    private const int SamplingPeriod = 1024;

    /// <summary>Numbers that are not used, so that those of two processors never share a cache line.</summary>
    private const int Padding = 16;

    private static readonly int Codes = Enum.GetValues<VerdictCode>().Length;
    private static readonly int Paths = Enum.GetValues<ValidationPath>().Length;

    private readonly long[][] _stripes =
    [
        .. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new long[2 * Padding + Paths * Codes]),
    ];

    public void Increment(ValidationPath path, VerdictCode code) =>
        Interlocked.Increment(ref GetStripe()[GetIndex(path, code)]);

    /// <summary>Returns whether to measure the duration of the validation that starts now.</summary>
    public bool TrySample()
    {
        // Not atomic: an increment that is lost delays a sample.
        ref var started = ref GetStripe()[0];
        return ++started % SamplingPeriod == 1;
    }

    public long Read(ValidationPath path, VerdictCode code)
    {
        var (sum, index) = (0L, GetIndex(path, code));
        foreach (var stripe in _stripes) sum += Interlocked.Read(ref stripe[index]);
        return sum;
    }

    private static int GetIndex(ValidationPath path, VerdictCode code) => Padding + (int)path * Codes + (int)code;

    private long[] GetStripe() => _stripes[(uint)Thread.GetCurrentProcessorId() % (uint)_stripes.Length];
}

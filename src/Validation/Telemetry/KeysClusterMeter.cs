using System.Diagnostics.Metrics;

namespace KeysCluster.Validation.Telemetry;

/// <summary>The meter of all KeysCluster metrics. docs/operations.md lists them with their units and tags.</summary>
public static class KeysClusterMeter
{
    /// <summary>
    /// The name of the meter. In a client, <c>keys.validations</c> counts verdicts (tags <c>code</c> and <c>path</c>),
    /// <c>keys.validation.duration</c> measures them, <c>keys.lease.valid</c> is 1 while the client answers from its
    /// cache, <c>keys.cache.entries</c> and <c>keys.cache.fills</c> are the numbers of cached keys and projects and of
    /// fills in progress (tag <c>kind</c>), and <c>keys.usage_reports.queued</c> is the number of uses that wait to be
    /// reported. In a host with the REST API, <c>keys.authentications</c> counts authentications (tag <c>outcome</c>)
    /// and <c>keys.authorizations.refused</c> requests that got a 403 (tag <c>reason</c>).
    /// </summary>
    public const string Name = "KeysCluster";

    /// <summary>The boundaries for what involves storage or another process, in seconds.</summary>
    private static readonly double[] Boundaries =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>The boundaries of validations, most of which take a microsecond.</summary>
    private static readonly double[] ValidationBoundaries =
        [1e-6, 2.5e-6, 1e-5, 1e-4, 2.5e-4, 5e-4, .. Boundaries.Where(boundary => boundary <= 2.5)];

    /// <summary>The version of the meter, which is that of the build.</summary>
    public static string Version { get; } = typeof(KeysClusterMeter).Assembly.GetName().Version!.ToString(3);

    /// <summary>Returns the meter of a host. Later calls return the same one.</summary>
    public static Meter Create(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        return meters.Create(new MeterOptions(Name) { Version = Version });
    }

    /// <summary>Returns a histogram of durations in seconds, from a millisecond to ten seconds.</summary>
    /// <param name="meter">The meter that <see cref="Create"/> returned.</param>
    /// <param name="name">The name of the instrument.</param>
    /// <param name="description">What is measured.</param>
    public static Histogram<double> CreateDuration(Meter meter, string name, string description) =>
        CreateDuration(meter, name, description, Boundaries);

    /// <summary>Returns the histogram of the durations of validations, in seconds.</summary>
    /// <param name="meter">The meter that <see cref="Create"/> returned.</param>
    public static Histogram<double> CreateValidationDuration(Meter meter) => CreateDuration(
        meter, "keys.validation.duration", "Duration of validations by path and verdict.", ValidationBoundaries);

    private static Histogram<double> CreateDuration(
        Meter meter, string name, string description, IReadOnlyList<double> boundaries)
    {
        ArgumentNullException.ThrowIfNull(meter);
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries };
        return meter.CreateHistogram(name, "s", description, tags: null, advice);
    }
}

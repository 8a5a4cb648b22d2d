using System.Globalization;
using KeysCluster.Benchmarks.Reporting;

namespace KeysCluster.Benchmarks.Floods;

/// <summary>Calls of <c>verify</c> with a cached secret, without and with a flood.</summary>
internal sealed record RestFloodFigures
{
    public required string Name { get; init; }

    /// <summary>The ratio of the 99th percentiles with and without the flood, in each round.</summary>
    public required Spread P99OverBaseline { get; init; }

    public required Spread BaselineP99Microseconds { get; init; }

    public required Spread P99Microseconds { get; init; }

    /// <summary>The number of measured calls, with and without the flood.</summary>
    public required long Calls { get; init; }

    /// <summary>The number of measured calls that did not accept the valid secret.</summary>
    public required long Refused { get; init; }

    /// <summary>The requests of the flood, or the bytes of slow connections.</summary>
    public required long FloodRequests { get; init; }

    public required Spread FloodPerSecond { get; init; }

    /// <summary>The responses to the flood, by status code.</summary>
    public required IReadOnlyDictionary<string, long> FloodStatuses { get; init; }

    /// <summary>The connections of the flood that the silo closed.</summary>
    public required long FloodReconnects { get; init; }

    /// <summary>The processor time of the generator per second.</summary>
    public required Spread GeneratorCores { get; init; }

    /// <summary>The processor time of the silo per second during the flood, including the measured calls.</summary>
    public required Spread SiloCores { get; init; }

    public static string GetRatioName(string name) => $"h_verify_p99_ratio_{name}";

    public static RestFloodFigures From(FloodKind kind, IReadOnlyList<FloodRound> rounds)
    {
        var baselines = rounds.Select(round => round.Baseline!).ToList();
        return new RestFloodFigures
        {
            Name = kind.Name,
            P99OverBaseline = Spread.From(
                rounds.Select(round => round.Calls.P99Microseconds / round.Baseline!.P99Microseconds)),
            BaselineP99Microseconds = Spread.From(baselines.Select(calls => calls.P99Microseconds)),
            P99Microseconds = Spread.From(rounds.Select(round => round.Calls.P99Microseconds)),
            Calls = rounds.Sum(round => (long)round.Calls.Count + round.Baseline!.Count),
            Refused = rounds.Sum(round => (long)round.Calls.Refused + round.Baseline!.Refused),
            FloodRequests = rounds.Sum(round => round.Flood.Requests),
            FloodPerSecond = Spread.From(rounds.Select(round => round.Flood.Requests / round.Flood.Seconds)),
            FloodStatuses = rounds.SelectMany(round => round.Flood.Statuses)
                .GroupBy(status => status.Key, status => status.Value)
                .OrderBy(status => status.Key)
                .ToDictionary(status => status.Key.ToString(CultureInfo.InvariantCulture), status => status.Sum()),
            FloodReconnects = rounds.Sum(round => round.Flood.Reconnects),
            GeneratorCores = Spread.From(rounds.Select(round => round.Flood.ProcessorSeconds / round.Flood.Seconds)),
            SiloCores = Spread.From(rounds.Select(round => round.SiloCores)),
        };
    }
}

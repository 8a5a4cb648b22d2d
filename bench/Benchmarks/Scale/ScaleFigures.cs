using KeysCluster.Benchmarks.Reporting;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>What many keys cost over few, what a key costs in memory, and what a flood costs the known ones.</summary>
internal sealed record ScaleFigures
{
    /// <summary>One operation each, with the smaller number of keys and with the larger one.</summary>
    public required IReadOnlyList<GrowthFigures> Growth { get; init; }

    /// <summary>Pages of the database that the read of one cold key touches, with few keys and with many.</summary>
    public required IReadOnlyList<int> ColdValidatePages { get; init; }

    /// <summary>A grain that is awake, its state in the silo's memory included.</summary>
    public required double BytesPerActiveKey { get; init; }

    /// <summary>A secret that validations in the silo's process answer from memory, its key's state included.</summary>
    public required double BytesPerCachedSecret { get; init; }

    public required IReadOnlyList<FloodFigures> Floods { get; init; }

    public required GrainFloodFigures GrainFlood { get; init; }

    public static string GetRatioName(GrowthFigures growth) => $"f_{growth.Name}_ratio_1m_over_1k";

    /// <summary>The figures that can be compared between runs, by name.</summary>
    public IEnumerable<(string Name, Spread Figure)> GetComparable() =>
    [
        .. Growth.Select(growth => (GetRatioName(growth), growth.ManyOverFew)),
        ("f_bytes_per_active_key", Spread.From([BytesPerActiveKey])),
        ("f_bytes_per_cached_secret", Spread.From([BytesPerCachedSecret])),
        .. Floods.Select(flood => ($"flood_known_p99_ratio_{flood.Name}", flood.P99OverCalm)),
    ];
}

/// <summary>One operation on a node with few keys and on one with many.</summary>
internal sealed record GrowthFigures
{
    public required string Name { get; init; }

    /// <summary>Median over median, of neighbours in one round.</summary>
    public required Spread ManyOverFew { get; init; }

    public required Spread FewMilliseconds { get; init; }

    public required Spread ManyMilliseconds { get; init; }
}

/// <summary>Known keys' validations from memory while others flood the validator.</summary>
internal sealed record FloodFigures
{
    public required string Name { get; init; }

    /// <summary>p99 with the flood over p99 without it, of neighbours in one round.</summary>
    public required Spread P99OverCalm { get; init; }

    public required Spread CalmP99Nanoseconds { get; init; }

    public required Spread P99Nanoseconds { get; init; }

    /// <summary>Validations of the flood.</summary>
    public required Spread FloodPerSecond { get; init; }
}

/// <summary>Validations of keys that do not exist, through a grain each.</summary>
internal sealed record GrainFloodFigures
{
    public required int Keys { get; init; }

    /// <summary>Of those, how many were not answered within the second that such a call may take.</summary>
    public required int Late { get; init; }

    public required double PerSecond { get; init; }

    /// <summary>What the process holds afterwards that it did not hold before, over the number of keys.</summary>
    public required double BytesLeftPerKey { get; init; }

    /// <summary>The most that it held meanwhile, garbage included.</summary>
    public required double PeakMiB { get; init; }
}

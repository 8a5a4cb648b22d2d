using KeysCluster.Benchmarks.Reporting;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>The cost of many keys against few, the memory of keys, and the effect of floods.</summary>
internal sealed record ScaleFigures
{
    public required IReadOnlyList<GrowthFigures> Growth { get; init; }

    /// <summary>The number of database pages that a read of one key touches, with few keys and with many.</summary>
    public required IReadOnlyList<int> ColdValidatePages { get; init; }

    /// <summary>The memory of an active grain, including its state.</summary>
    public required double BytesPerActiveKey { get; init; }

    /// <summary>The memory of a cached secret, including the state of its key.</summary>
    public required double BytesPerCachedSecret { get; init; }

    public required IReadOnlyList<FloodFigures> Floods { get; init; }

    public required GrainFloodFigures GrainFlood { get; init; }

    public static string GetRatioName(GrowthFigures growth) => $"f_{growth.Name}_ratio_1m_over_1k";

    /// <summary>Returns the figures that can be compared between runs, by name.</summary>
    public IEnumerable<(string Name, Spread Figure)> GetComparable() =>
    [
        .. Growth.Select(growth => (GetRatioName(growth), growth.ManyOverFew)),
        ("f_bytes_per_active_key", Spread.From([BytesPerActiveKey])),
        ("f_bytes_per_cached_secret", Spread.From([BytesPerCachedSecret])),
        .. Floods.Select(flood => ($"flood_known_p99_ratio_{flood.Name}", flood.P99OverBaseline)),
    ];
}

using System.Text.Json.Serialization;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>Validations of keys that do not exist, each by another grain.</summary>
internal sealed record GrainFloodFigures
{
    public required int Keys { get; init; }

    /// <summary>The number of calls that took longer than their limit of one second.</summary>
    [JsonPropertyName("late")]
    public required int TimedOut { get; init; }

    public required double PerSecond { get; init; }

    /// <summary>The growth of the heap per key, after all grains were deactivated.</summary>
    public required double BytesLeftPerKey { get; init; }

    /// <summary>The highest heap size during the calls, including garbage.</summary>
    public required double PeakMiB { get; init; }
}

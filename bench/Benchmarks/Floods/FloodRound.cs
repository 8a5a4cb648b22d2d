namespace KeysCluster.Benchmarks.Floods;

/// <summary>The measured calls during a flood.</summary>
/// <param name="Calls">The calls.</param>
/// <param name="Flood">The flood.</param>
/// <param name="SiloCores">The processor time of the silo per second.</param>
internal sealed record FloodRound(MeasuredCalls Calls, FloodResult Flood, double SiloCores)
{
    /// <summary>The calls immediately before the flood.</summary>
    public MeasuredCalls? Baseline { get; init; }
}

namespace KeysCluster.Benchmarks.Floods;

/// <summary>What a <see cref="FloodGenerator"/> sends.</summary>
/// <param name="Flood">The name of a <see cref="FloodKind"/>.</param>
/// <param name="Target">The silo.</param>
internal sealed record FloodSettings(string Flood, FloodTarget Target);

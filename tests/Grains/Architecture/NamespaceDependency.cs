namespace KeysCluster.Grains.Tests.Architecture;

/// <summary>A dependency of a namespace on another one, and the file that causes it.</summary>
internal sealed record NamespaceDependency(string From, string To, string FilePath)
{
    public override string ToString() => $"{From} -> {To} ({FilePath})";
}

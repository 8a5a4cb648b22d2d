namespace KeysCluster.Grains.Storage;

/// <summary>
/// Names under which states lie in storage. A state name is part of a row's key, and unlike what one expects the
/// grain's type is not: two grain types must never share one.
/// </summary>
public static class StorageNames
{
    /// <summary>The Orleans storage provider that holds every state.</summary>
    public const string Provider = "keys";

    /// <summary>The same states, read for validations by connections of their own.</summary>
    public const string Reads = "keys-reads";

    internal const string VirtualKey = "virtual-key";

    internal const string Project = "project";
}

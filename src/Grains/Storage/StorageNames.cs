namespace KeysCluster.Grains.Storage;

/// <summary>
/// Names of storage providers and states. The state name is part of the key of a row, while the grain type is not: two
/// grain types must never share a state name.
/// </summary>
public static class StorageNames
{
    /// <summary>The grain storage provider of all states.</summary>
    public const string Provider = "keys";

    /// <summary>The provider through which validations read the same states, over connections of their own.</summary>
    public const string ValidationReads = "keys-reads";

    /// <summary>The number of connections that <see cref="ValidationReads"/> uses at the same time.</summary>
    public const int MaxConcurrentValidationReads = 16;

    internal const string VirtualKey = "virtual-key";

    internal const string Project = "project";
}

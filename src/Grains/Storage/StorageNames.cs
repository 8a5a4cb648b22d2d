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

    /// <summary>The name of the states of virtual keys.</summary>
    public const string VirtualKey = "virtual-key";

    /// <summary>The name of the states of projects.</summary>
    public const string Project = "project";

    /// <summary>The name of the states of sessions of the console, which have neither index rows nor events.</summary>
    public const string ConsoleSession = "console-session";

    /// <summary>Returns the name of the states of a grain type.</summary>
    public static string GetStateName(GrainType grainType) => grainType.ToString() switch
    {
        GrainTypeNames.VirtualKey => VirtualKey,
        GrainTypeNames.Project => Project,
        _ => throw new ArgumentException($"Grains of type {grainType} have no state.", nameof(grainType)),
    };

    /// <summary>Returns the name of the type of the grains that have a state.</summary>
    /// <param name="stateName">The name of the state.</param>
    public static string GetGrainTypeName(string stateName) =>
        stateName == VirtualKey ? GrainTypeNames.VirtualKey : GrainTypeNames.Project;

    /// <summary>Returns the id of the grain that has a state.</summary>
    /// <param name="stateName">The name of the state.</param>
    /// <param name="key">The key of the grain.</param>
    public static GrainId GetGrainId(string stateName, string key) =>
        GrainId.Create(GetGrainTypeName(stateName), key);
}

namespace KeysCluster.Grains.Imports;

/// <summary>A hash scheme that is in use.</summary>
/// <param name="Name">The name of the scheme.</param>
/// <param name="AddedAt">When it was added, by the clock of the silo that did.</param>
public sealed record StoredHashScheme(string Name, DateTimeOffset AddedAt);

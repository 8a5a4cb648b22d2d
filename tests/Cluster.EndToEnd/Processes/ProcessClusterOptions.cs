namespace KeysCluster.Cluster.EndToEnd.Processes;

/// <summary>What a cluster has in addition to silos and front ends, as far as the machine permits.</summary>
internal sealed record ProcessClusterOptions
{
    /// <summary>Whether PostgreSQL has a disk that can be filled.</summary>
    public bool HasSmallDisk { get; init; }

    /// <summary>Whether PostgreSQL fails over to a standby.</summary>
    public bool HasFailOver { get; init; }

    /// <summary>Whether the clock of the last silo can be changed.</summary>
    public bool HasFakeClock { get; init; }

    /// <summary>Whether there is a proxy in front of the front ends.</summary>
    public bool HasProxy { get; init; }

    /// <summary>The path of the silo of the previous build; null for none.</summary>
    public string? PreviousSiloProgram { get; init; }
}

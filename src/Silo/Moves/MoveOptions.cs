namespace KeysCluster.Silo.Moves;

/// <summary>What to move, and where.</summary>
public sealed record MoveOptions
{
    /// <summary>The data directory of the embedded service.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>
    /// The settings. <c>ConnectionStrings:Migrations</c>, or <c>ConnectionStrings:Keys</c>, is the PostgreSQL database,
    /// as the owner of its schema. <c>Keys:Pepper</c>, Keys:Peppers, <c>Keys:AdminKey</c> and
    /// Keys:AdminKeys are those of the embedded service, where they are not in its data directory.
    /// </summary>
    public required IConfiguration Configuration { get; init; }

    /// <summary>
    /// The service id of the cluster (<c>Cluster:ServiceId</c>); null for that of the embedded service.
    /// </summary>
    public string? ServiceId { get; init; }

    /// <summary>
    /// The folder in which to write the peppers and the digests of the admin keys as settings of the silos
    /// (<c>Hosting:SecretsDirectory</c>); null for none.
    /// </summary>
    public string? SecretsDirectory { get; init; }

    /// <summary>Whether to check everything, and change nothing.</summary>
    public bool IsDryRun { get; init; }
}

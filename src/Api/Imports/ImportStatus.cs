namespace KeysCluster.Api.Imports;

/// <summary>What became of a key of an import.</summary>
internal enum ImportStatus
{
    /// <summary>The key was created.</summary>
    Imported,

    /// <summary>The project already has a key with this secret, which was not changed.</summary>
    Unchanged,

    /// <summary>The key was refused.</summary>
    Failed,
}

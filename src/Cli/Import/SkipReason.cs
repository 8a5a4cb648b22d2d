namespace KeysCluster.Cli.Import;

/// <summary>Why a row is left out.</summary>
internal enum SkipReason
{
    /// <summary>The key is revoked or deleted in the other system.</summary>
    Revoked,

    /// <summary>The key has expired.</summary>
    Expired,
}

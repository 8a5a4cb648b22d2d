namespace KeysCluster.Validation.Telemetry;

/// <summary>How a verdict was determined. The names are the values of the tag <c>path</c>.</summary>
internal enum ValidationPath
{
    /// <summary>From the cache of this process.</summary>
    Cache,

    /// <summary>By a read of storage, or a failed attempt to read.</summary>
    Storage,

    /// <summary>By a call of a silo, in a client.</summary>
    Silo,

    /// <summary>By the format of the text, without a lookup.</summary>
    Format,
}

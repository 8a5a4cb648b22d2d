namespace KeysCluster.Api;

/// <summary>Limits of the wire, for everyone alike.</summary>
internal static class ApiLimits
{
    /// <summary>64 KiB. A larger body is refused before it is read whole.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>
    /// How much of a refused body the server takes in and drops, so that the client reads the answer rather than see its
    /// connection reset while it is still sending.
    /// </summary>
    public const int MaxDroppedBodyBytes = 1024 * 1024;

    public const int DefaultPageSize = 50;

    public const int MaxPageSize = 200;
}

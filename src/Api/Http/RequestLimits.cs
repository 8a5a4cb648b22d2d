namespace KeysCluster.Api.Http;

/// <summary>Limits of every request. They are part of the API and cannot be configured.</summary>
internal static class RequestLimits
{
    /// <summary>
    /// 64 KiB, unless the endpoint has another <see cref="BodyLimit"/>. Reading of a larger body stops at this size.
    /// </summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>512 KiB, for an import of many keys.</summary>
    public const int MaxImportBytes = 512 * 1024;

    /// <summary>
    /// How much of a refused body the server reads and discards. The client can then read the response; it would
    /// otherwise see a connection reset while it is still sending.
    /// </summary>
    public const int MaxDiscardedBodyBytes = 1024 * 1024;

    public const int DefaultPageSize = 50;

    public const int MaxPageSize = 200;

    /// <summary>After this time, the response is 503.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);
}

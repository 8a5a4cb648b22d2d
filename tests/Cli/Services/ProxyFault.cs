namespace KeysCluster.Cli.Tests.Services;

/// <summary>What a proxy does with a request.</summary>
internal enum ProxyFault
{
    None,

    /// <summary>The service does not see the request.</summary>
    Unavailable,

    /// <summary>The service does not see the request, and nobody should send it again soon.</summary>
    UnavailableForLong,

    /// <summary>The service executes the request, and the connection closes in the middle of the response.</summary>
    CutResponse,
}

namespace KeysCluster.Security.Sessions;

/// <summary>The latest token that a silo has handed to this client. Every silo accepts it.</summary>
internal sealed class ClientSession
{
    private volatile string? _token;

    /// <summary>The text for the request context; null before the first connection.</summary>
    public string? Token => _token;

    public void Set(ReadOnlySpan<byte> token) => _token = SessionToken.Encode(token);
}

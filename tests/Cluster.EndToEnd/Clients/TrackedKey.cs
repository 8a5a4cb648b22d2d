namespace KeysCluster.Cluster.EndToEnd.Clients;

/// <summary>
/// A key as the clients track it. The texts of its secrets are kept only here, in memory. Thread-safe.
/// </summary>
internal sealed class TrackedKey(string id, string apiKey)
{
    private readonly Lock _lock = new();
    private readonly List<(string Id, string Text)> _secrets = [];
    private string[] _retiring = [];

    public string Id => id;

    /// <summary>The API key of the key's project.</summary>
    public string ApiKey => apiKey;

    /// <summary>Whether the clients no longer change the key.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Whether the last change that a client sent disables the key.</summary>
    public bool IsDisabled { get; set; }

    public IReadOnlyList<(string Id, string Text)> Secrets
    {
        get
        {
            lock (_lock) return [.. _secrets];
        }
    }

    /// <summary>The ids of the retiring secrets in the response to the last rotation.</summary>
    public IReadOnlyList<string> Retiring
    {
        get
        {
            lock (_lock) return _retiring;
        }
    }

    public void AddSecret(string secret, string text, IEnumerable<string> retiring)
    {
        lock (_lock)
        {
            if (!_secrets.Contains((secret, text))) _secrets.Add((secret, text));
            _retiring = [.. retiring];
        }
    }
}

namespace KeysCluster.Cluster.EndToEnd.Clients;

/// <summary>A key as its clients know it. The secrets' texts are here, in memory, and nowhere else.</summary>
internal sealed class TrackedKey(string id, string apiKey)
{
    private readonly Lock _lock = new();
    private readonly List<(string Id, string Text)> _secrets = [];
    private string[] _retiring = [];

    public string Id => id;

    /// <summary>The API key of its project.</summary>
    public string ApiKey => apiKey;

    /// <summary>Whether the clients change it no more.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>What the clients believe.</summary>
    public bool IsDisabled { get; set; }

    public IReadOnlyList<(string Id, string Text)> Secrets
    {
        get
        {
            lock (_lock) return [.. _secrets];
        }
    }

    /// <summary>The ids of secrets that the last rotation showed as retiring.</summary>
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

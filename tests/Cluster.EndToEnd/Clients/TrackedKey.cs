namespace KeysCluster.Cluster.EndToEnd.Clients;

/// <summary>
/// A virtual key, or a project with its API keys, as the clients track it. The texts of its secrets are kept only here,
/// in memory. Thread-safe.
/// </summary>
internal sealed class TrackedKey(string id, string apiKey, DateTimeOffset createdAt, bool isProject = false)
{
    private readonly Lock _lock = new();
    private readonly List<(string Id, string Text)> _secrets = [];
    private Dictionary<string, DateTimeOffset> _retiring = [];

    public string Id => id;

    /// <summary>The API key of the key's project; empty for a project, which the administrator changes.</summary>
    public string ApiKey => apiKey;

    public bool IsProject => isProject;

    /// <summary>When the service created the key.</summary>
    public DateTimeOffset CreatedAt => createdAt;

    /// <summary>Whether the clients no longer change the key.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Whether the last change that a client sent disables the key.</summary>
    public bool IsDisabled { get; set; }

    /// <summary>The secret of a virtual key of a project, which no client changes.</summary>
    public string? MemberSecret { get; set; }

    /// <summary>Whether the last change that a client sent gives the key its permission.</summary>
    public bool HasPermission { get; set; }

    /// <summary>Whether the last change that a client sent lets the key expire.</summary>
    public bool Expires { get; set; }

    public IReadOnlyList<(string Id, string Text)> Secrets
    {
        get
        {
            lock (_lock) return [.. _secrets];
        }
    }

    /// <summary>The retiring secrets in the response to the last rotation, with their deadlines.</summary>
    public IReadOnlyList<KeyValuePair<string, DateTimeOffset>> Retiring
    {
        get
        {
            lock (_lock) return [.. _retiring];
        }
    }

    public void AddSecret(string secret, string text, IReadOnlyDictionary<string, DateTimeOffset> retiring)
    {
        lock (_lock)
        {
            if (!_secrets.Contains((secret, text))) _secrets.Add((secret, text));
            _retiring = new(retiring);
        }
    }
}

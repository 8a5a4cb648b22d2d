using System.Security.Cryptography;
using System.Text;
using KeysCluster.Contract.Verification;

namespace KeysCluster.Contract.SecretCanary;

/// <summary>Looks for secrets in bytes: whole, their unseen random part, and what a plain hash of them looks like.</summary>
internal sealed class SecretScanner
{
    private readonly List<(string Name, byte[] Trace)> _patterns = [];

    /// <summary>Hunts a secret that the service minted.</summary>
    public void Add(string name, string secret)
    {
        AddOpaque(name, secret);
        Add(name, "its random part", Encoding.ASCII.GetBytes(ForgedSecret.GetHiddenRandomPart(secret)));
    }

    /// <summary>Hunts a text that has no known form.</summary>
    public void AddOpaque(string name, string secret)
    {
        Add(name, "whole", Encoding.ASCII.GetBytes(secret));
        var digest = SHA256.HashData(Encoding.ASCII.GetBytes(secret));
        Add(name, "its SHA-256", digest);
        Add(name, "its SHA-256 in hex", Encoding.ASCII.GetBytes(Convert.ToHexString(digest)));
        Add(name, "its SHA-256 in lower hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(digest)));
        Add(name, "its SHA-256 in base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(digest).TrimEnd('=')));
    }

    /// <summary>Which secrets are in the bytes, in which form.</summary>
    public IReadOnlyList<string> FindIn(string where, ReadOnlyMemory<byte> bytes) =>
        [.. from trace in _patterns where bytes.Span.IndexOf(trace.Trace) >= 0 select $"{trace.Name} in {where}"];

    /// <summary>Which secrets are in a text, in which form.</summary>
    public IReadOnlyList<string> FindIn(string where, string text) => FindIn(where, Encoding.UTF8.GetBytes(text));

    /// <summary>Which secrets are in the files under a folder, in which form.</summary>
    public IReadOnlyList<string> FindInFiles(string folder, params IReadOnlyCollection<string> except) =>
        [.. from file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            where !except.Contains(Path.GetFileName(file))
            from found in FindIn(Path.GetRelativePath(folder, file), File.ReadAllBytes(file))
            select found];

    private void Add(string name, string form, byte[] trace) => _patterns.Add(($"{name}, {form}", trace));
}

using System.Security.Cryptography;
using System.Text;

namespace KeysCluster.Contract.Tests.SecretCanary;

/// <summary>Searches bytes for secrets: the whole text, the part that is never shown, and plain hashes.</summary>
internal sealed class SecretScanner
{
    private readonly List<(string Name, byte[] Bytes)> _patterns = [];

    /// <summary>Searches for a secret that the service minted.</summary>
    public void Add(string name, string secret)
    {
        AddOpaque(name, secret);
        Add(name, "its random part", Encoding.ASCII.GetBytes(ForgedSecret.GetHiddenRandomPart(secret)));
    }

    /// <summary>Searches for a text without a known format.</summary>
    public void AddOpaque(string name, string secret)
    {
        Add(name, "whole", Encoding.ASCII.GetBytes(secret));
        var digest = SHA256.HashData(Encoding.ASCII.GetBytes(secret));
        Add(name, "its SHA-256", digest);
        Add(name, "its SHA-256 in upper-case hex", Encoding.ASCII.GetBytes(Convert.ToHexString(digest)));
        Add(name, "its SHA-256 in lower-case hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(digest)));
        Add(name, "its SHA-256 in base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(digest).TrimEnd('=')));
    }

    /// <summary>Searches for key material, such as a pepper.</summary>
    public void AddKey(string name, byte[] key)
    {
        Add(name, "whole", key);
        Add(name, "in upper-case hex", Encoding.ASCII.GetBytes(Convert.ToHexString(key)));
        Add(name, "in lower-case hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key)));
        Add(name, "in base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(key).TrimEnd('=')));
    }

    /// <summary>Returns the secrets that the bytes contain, and in which form.</summary>
    public IReadOnlyList<string> FindIn(string place, ReadOnlyMemory<byte> bytes) =>
        [.. from pattern in _patterns where bytes.Span.IndexOf(pattern.Bytes) >= 0 select $"{pattern.Name} in {place}"];

    /// <summary>Returns the secrets that a text contains, and in which form.</summary>
    public IReadOnlyList<string> FindIn(string place, string text) => FindIn(place, Encoding.UTF8.GetBytes(text));

    /// <summary>Returns the secrets that the files under a folder contain, and in which form.</summary>
    public IReadOnlyList<string> FindInFiles(string folder, params IReadOnlyCollection<string> except) =>
        [.. from file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            where !except.Contains(Path.GetFileName(file))
            from found in FindIn(Path.GetRelativePath(folder, file), File.ReadAllBytes(file))
            select found];

    private void Add(string name, string form, byte[] bytes) => _patterns.Add(($"{name}, {form}", bytes));
}

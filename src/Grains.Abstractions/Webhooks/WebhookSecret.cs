using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace KeysCluster.Webhooks;

/// <summary>
/// The secret with which the deliveries of a webhook are signed: <c>whsec_</c> and 32 bytes in base64. Source: Standard
/// Webhooks, "Signature scheme".
/// </summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.WebhookSecret")]
public readonly record struct WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int ByteCount = 32;

    [Id(0)] private readonly byte[]? _key;

    private WebhookSecret(byte[] key) => _key = key;

    /// <summary>Makes a new secret.</summary>
    public static WebhookSecret Mint() => new(RandomNumberGenerator.GetBytes(ByteCount));

    /// <summary>Returns the secret that has a text; false if it is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out WebhookSecret secret)
    {
        secret = default;
        if (text?.StartsWith(Prefix, StringComparison.Ordinal) != true) return false;
        var key = new byte[ByteCount];
        if (!Convert.TryFromBase64String(text[Prefix.Length..], key, out var length) || length != ByteCount)
            return false;
        secret = new WebhookSecret(key);
        return true;
    }

    /// <summary>Returns the text of the secret, which must not be logged.</summary>
    public string Reveal() => Prefix + Convert.ToBase64String(_key ?? []);

    /// <summary>Returns the key of the signatures.</summary>
    public byte[] ToArray() => [.. _key ?? []];

    /// <summary>Does not contain the secret.</summary>
    public override string ToString() => "(webhook secret)";
}

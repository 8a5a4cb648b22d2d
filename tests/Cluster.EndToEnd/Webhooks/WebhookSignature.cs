using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace KeysCluster.Cluster.EndToEnd.Webhooks;

/// <summary>
/// Verifies messages as Standard Webhooks describes, without the library that the service signs them with.
/// </summary>
internal static class WebhookSignature
{
    private const string SecretPrefix = "whsec_";
    private const string VersionPrefix = "v1,";

    /// <summary>More than a fault sets the clock of a silo off, and less than a receiver must accept.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    /// <summary>Returns why a message is not valid; null if it is.</summary>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>.</param>
    /// <param name="signatures">The header <c>webhook-signature</c>.</param>
    /// <param name="body">The body.</param>
    /// <param name="secret">The signing secret.</param>
    /// <param name="now">The current time.</param>
    public static string? FindFault(
        string? id, string? timestamp, string? signatures, string body, string secret, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(id)) return "The message has no id.";
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return "The message has no timestamp.";
        if ((now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > MaxAge)
            return "The timestamp of the message is not the current time.";
        var key = Convert.FromBase64String(secret[SecretPrefix.Length..]);
        var expected = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}"));
        var isSigned = signatures?.Split(' ').Contains(VersionPrefix + Convert.ToBase64String(expected)) == true;
        return isSigned ? null : "The message is not signed with the secret of the webhook.";
    }
}

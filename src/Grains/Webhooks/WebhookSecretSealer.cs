using System.Security.Cryptography;
using KeysCluster.Grains.Secrets;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Webhooks;

/// <summary>
/// Encrypts signing secrets for storage. Each belongs to one webhook, and cannot be moved to another.
/// </summary>
internal static class WebhookSecretSealer
{
    public static StoredWebhookSecret Seal(
        WebhookSecret secret, string id, string webhookId, Pepper pepper, DateTimeOffset now) => new()
        {
            Id = id,
            Sealed = pepper.SealWebhookSecret(secret.ToArray(), webhookId),
            PepperId = pepper.Id,
            CreatedAt = now,
        };

    /// <summary>Decrypts a signing secret; null when its pepper is missing.</summary>
    /// <exception cref="CryptographicException">It was altered, or belongs to another webhook.</exception>
    public static byte[]? Open(StoredWebhookSecret secret, string webhookId, PepperSet peppers) =>
        peppers.Find(secret.PepperId)?.OpenWebhookSecret(secret.Sealed, webhookId);

    /// <summary>
    /// Returns the secrets under the current pepper; the same instance when they are, or when a pepper is missing.
    /// </summary>
    public static IReadOnlyList<StoredWebhookSecret> Reseal(
        IReadOnlyList<StoredWebhookSecret> secrets, string webhookId, PepperSet peppers)
    {
        if (secrets.All(secret => secret.PepperId == peppers.Current.Id)) return secrets;
        return [.. secrets.Select(secret => Open(secret, webhookId, peppers) is { } key
            ? secret with
            {
                Sealed = peppers.Current.SealWebhookSecret(key, webhookId),
                PepperId = peppers.Current.Id,
            }
            : secret)];
    }
}

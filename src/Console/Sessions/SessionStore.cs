using System.Security.Cryptography;
using KeysCluster.Cryptography;
using KeysCluster.Sessions;

namespace KeysCluster.WebConsole.Sessions;

/// <summary>
/// The sessions, which grains hold for all front ends. The database has the credential of a session only encrypted,
/// under a key that only the cookie has.
/// </summary>
internal sealed class SessionStore(IGrainFactory grains)
{
    private static ReadOnlySpan<byte> Purpose => "console credential"u8;

    /// <summary>Starts a session with a credential.</summary>
    public async Task<SessionCookie> StartAsync(SessionCredential credential)
    {
        var cookie = SessionCookie.Create();
        var sealedCredential = AesGcmSealer.Seal(cookie.Key, Purpose, credential.Serialize(), cookie.Id);
        await GetGrain(cookie).Start(new StartSessionCommand(sealedCredential, GetDigest(cookie)));
        return cookie;
    }

    /// <summary>Uses a session.</summary>
    /// <returns>
    /// The credential, null if the session has ended; and the cookie that replaces the presented one, if one does.
    /// </returns>
    public async Task<(SessionCredential? Credential, SessionCookie? NextCookie)> UseAsync(SessionCookie cookie)
    {
        var use = await GetGrain(cookie).Use(GetDigest(cookie));
        if (use.Credential is not { } sealedCredential) return (null, null);
        try
        {
            var credential = AesGcmSealer.Open(cookie.Key, Purpose, sealedCredential, cookie.Id);
            return (
                SessionCredential.Deserialize(credential),
                use.NextToken is { } next ? cookie with { Token = next } : null);
        }
        catch (CryptographicException)
        {
            // The key in the cookie was altered.
            return (null, null);
        }
    }

    /// <summary>Ends a session.</summary>
    public Task EndAsync(SessionCookie cookie) => GetGrain(cookie).End(GetDigest(cookie));

    private ISessionGrain GetGrain(SessionCookie cookie) =>
        grains.GetGrain<ISessionGrain>($"console_{Convert.ToHexStringLower(SHA256.HashData(cookie.Id))}");

    private static Sha256Digest GetDigest(SessionCookie cookie) => Sha256Digest.Compute(cookie.Token);
}

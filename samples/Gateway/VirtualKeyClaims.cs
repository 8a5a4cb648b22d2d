using System.Security.Claims;
using KeysCluster.Time;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Samples.Gateway;

/// <summary>Whom a request was authenticated as. The secret is not among the claims; its id is.</summary>
public static class VirtualKeyClaims
{
    /// <summary>The virtual key's id, also the identity's name.</summary>
    public const string VirtualKeyId = "virtual_key_id";

    /// <summary>The project that the key belongs to.</summary>
    public const string ProjectId = "project_id";

    /// <summary><c>live</c> or <c>test</c>.</summary>
    public const string Environment = "environment";

    /// <summary>The user that the key stands for, when there is one.</summary>
    public const string PrincipalUserId = "principal_user_id";

    /// <summary>Names the secret that was presented.</summary>
    public const string SecretId = "secret_id";

    /// <summary>When a replaced secret ends; absent for the current one.</summary>
    public const string ValidUntil = "valid_until";

    internal static ClaimsPrincipal CreatePrincipal(Verdict verdict)
    {
        var key = verdict.Key!;
        List<Claim> claims =
        [
            new(VirtualKeyId, key.Id.ToString()),
            new(ProjectId, key.ProjectId.ToString()),
            new(Environment, key.Environment == VirtualKeyEnvironment.Live ? "live" : "test"),
            new(SecretId, verdict.SecretId.ToString()!),
        ];
        if (key.PrincipalUserId is { } user) claims.Add(new(PrincipalUserId, user));
        if (verdict.ValidUntil is { } end) claims.Add(new(ValidUntil, UtcMillisecondJsonConverter.Format(end)));
        return new(new ClaimsIdentity(claims, VirtualKeyAuthenticationExtensions.SchemeName, VirtualKeyId, roleType: null));
    }
}

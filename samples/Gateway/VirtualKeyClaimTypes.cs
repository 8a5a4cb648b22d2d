namespace KeysCluster.Samples.Gateway;

/// <summary>The types of the claims of a request with a valid secret. The secret itself is not a claim.</summary>
public static class VirtualKeyClaimTypes
{
    /// <summary>The id of the virtual key, which is also the name of the identity.</summary>
    public const string VirtualKeyId = "virtual_key_id";

    /// <summary>The id of the project that the key belongs to.</summary>
    public const string ProjectId = "project_id";

    /// <summary><c>live</c> or <c>test</c>.</summary>
    public const string Environment = "environment";

    /// <summary>The id of the user that the key acts for; absent when there is none.</summary>
    public const string PrincipalUserId = "principal_user_id";

    /// <summary>The id of the secret that was presented.</summary>
    public const string SecretId = "secret_id";

    /// <summary>The deadline of a retiring secret; absent for the current one.</summary>
    public const string ValidUntil = "valid_until";

    /// <summary>A permission of the key; one claim for each.</summary>
    public const string Permission = "permission";
}

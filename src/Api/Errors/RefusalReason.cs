namespace KeysCluster.Api.Errors;

/// <summary>Why a request with a valid key got a 403.</summary>
internal enum RefusalReason
{
    /// <summary>An API key of a project was used where only an admin key is accepted.</summary>
    AdminKeyRequired,

    /// <summary>An admin key was used where only an API key of a project is accepted.</summary>
    ProjectKeyRequired,

    /// <summary>The API key lacks a permission that the endpoint, or what it would grant, requires.</summary>
    PermissionMissing,

    /// <summary>The API key would create a key that stays valid for longer than itself.</summary>
    ExpiryExceedsKey,

    /// <summary>The API key was replaced, and may only read and verify until its deadline.</summary>
    KeyRetiring,

    /// <summary>The project of the API key is disabled.</summary>
    ProjectDisabled,

    /// <summary>The endpoint declares no access, so that nobody may call it.</summary>
    Other,
}

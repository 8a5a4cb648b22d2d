namespace KeysCluster.Api.Authentication;

/// <summary>Why a request with a valid key got a 403.</summary>
internal enum RefusalReason
{
    /// <summary>An API key of a project was used where only an admin key is accepted.</summary>
    AdminKeyRequired,

    /// <summary>An admin key was used where only an API key of a project is accepted.</summary>
    ProjectKeyRequired,

    /// <summary>The key is of the right kind, but lacks a permission that the endpoint requires.</summary>
    PermissionMissing,
}

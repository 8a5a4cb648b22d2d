namespace KeysCluster.Api.Callers;

/// <summary>The types of the claims that describe the caller of a request.</summary>
internal static class CallerClaims
{
    public const string Project = "project";
    public const string ProjectStatus = "project_status";
    public const string ApiKey = "api_key";
    public const string Permission = "permission";
    public const string Retiring = "retiring";
    public const string Admin = "admin";
    public const string User = "user";
    public const string Actor = "actor";
    public const string ActorId = "actor_id";
    public const string RequestId = "request_id";
    public const string Address = "address";
}

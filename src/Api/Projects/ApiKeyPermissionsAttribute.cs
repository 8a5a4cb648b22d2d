using KeysCluster.Api.Http;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

/// <summary>Validates a list of permissions of API keys.</summary>
internal sealed class ApiKeyPermissionsAttribute() : ListAttribute(
    ApiKeyPermissions.All.Count, $"permissions out of {string.Join(", ", ApiKeyPermissions.All)}.")
{
    protected override bool IsValidEntry(string text) => ApiKeyPermissions.All.Contains(text);
}

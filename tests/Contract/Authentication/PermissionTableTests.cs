using KeysCluster.Contract.Tests.ApiKeys;
using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Authentication;

/// <summary>
/// Who may call which operation: every operation of the OpenAPI document with an API key that has a single permission,
/// with one that is retiring, and with the admin key. An operation that the table does not contain fails.
/// </summary>
[Collection(SqliteService.CollectionName)]
public sealed class PermissionTableTests(SqliteService service)
{
    private const string Keys = "/api/gateway/v1/virtual-keys";
    private const string Projects = "/api/projects";
    private const string ApiKeys = "/api/projects/{id}/api-keys";

    /// <summary>
    /// API keys need no permission, because the operation concerns the caller, or checks more itself.
    /// </summary>
    private const string AnyPermission = "any";

    private static readonly Access[] Table =
    [
        new("POST", Keys, "virtualKeys:create"),
        new("GET", Keys, "virtualKeys:view", Retiring: true),
        new("GET", Keys + "/{id}", "virtualKeys:view", Retiring: true),
        new("GET", Keys + "/{id}/spend", "virtualKeys:view", Retiring: true),
        new("PATCH", Keys + "/{id}", "virtualKeys:update"),
        new("POST", Keys + "/{id}/rotate", "virtualKeys:rotate"),
        new("POST", Keys + "/{id}/revoke", "virtualKeys:delete"),
        new("POST", Keys + "/{id}/disable", "virtualKeys:update"),
        new("POST", Keys + "/{id}/enable", "virtualKeys:update"),
        new("DELETE", Keys + "/{id}/retiring-secrets", "virtualKeys:rotate"),
        new("DELETE", Keys + "/{id}/retiring-secrets/{secret_id}", "virtualKeys:rotate"),
        new("PATCH", Keys + "/{id}/retiring-secrets/{secret_id}", "virtualKeys:rotate"),
        new("POST", Keys + "/verify", "virtualKeys:verify", Retiring: true),

        new("POST", Projects, null, Admin: true),
        new("GET", Projects, null, Admin: true),
        new("GET", Projects + "/{id}", "project:manage", Retiring: true, Admin: true),
        new("PATCH", Projects + "/{id}", "project:manage", Admin: true),
        new("DELETE", Projects + "/{id}", null, Admin: true),
        new("POST", Projects + "/{id}/disable", null, Admin: true),
        new("POST", Projects + "/{id}/enable", null, Admin: true),
        new("POST", Projects + "/{id}/erase", null, Admin: true),
        new("POST", Projects + "/{id}/rotate-api-key", "apiKeys:manage", Admin: true),
        new("DELETE", Projects + "/{id}/retiring-api-keys", "apiKeys:manage", Admin: true),
        new("DELETE", Projects + "/{id}/retiring-api-keys/{secret_id}", AnyPermission, Retiring: true, Admin: true),
        new("PATCH", Projects + "/{id}/retiring-api-keys/{secret_id}", "apiKeys:manage", Admin: true),

        new("POST", ApiKeys, "apiKeys:manage", Admin: true),
        new("GET", ApiKeys, "apiKeys:manage", Retiring: true, Admin: true),
        new("GET", ApiKeys + "/{key_id}", "apiKeys:manage", Retiring: true, Admin: true),
        new("PATCH", ApiKeys + "/{key_id}", "apiKeys:manage", Admin: true),
        new("DELETE", ApiKeys + "/{key_id}", "apiKeys:manage", Admin: true),
        new("POST", ApiKeys + "/{key_id}/rotate", "apiKeys:manage", Admin: true),
        new("DELETE", ApiKeys + "/{key_id}/retiring-secrets", "apiKeys:manage", Admin: true),
        new("DELETE", ApiKeys + "/{key_id}/retiring-secrets/{secret_id}", AnyPermission, Retiring: true, Admin: true),
        new("PATCH", ApiKeys + "/{key_id}/retiring-secrets/{secret_id}", "apiKeys:manage", Admin: true),

        new("GET", Keys + "/{id}/events", "events:view", Retiring: true),
        new("GET", "/api/gateway/v1/events", "events:view", Retiring: true),
        new("GET", "/api/events", null, Admin: true),

        new("GET", "/api/whoami", AnyPermission, Retiring: true, Admin: true),
    ];

    [Fact]
    public async Task The_table_contains_every_operation()
    {
        using var client = service.CreateAnonymousClient();
        var document = (await client.SendAsync(HttpMethod.Get, "/openapi/v1.json")).Json;
        var operations =
            from path in document.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            select $"{operation.Name.ToUpperInvariant()} {path.Name}";
        Assert.Equal(Table.Select(access => access.ToString()).Order(), operations.Order());
    }

    [Fact]
    public async Task An_API_key_may_do_exactly_what_its_permission_allows()
    {
        using var project = await service.CreateProjectAsync();
        foreach (var permission in Permissions.All)
        {
            var (_, _, client) = await service.CreateApiKeyAsync(project.Id, [permission]);
            using var _ = client;
            foreach (var access in Table)
            {
                var response = await SendAsync(client, access, project.Id);
                if (access.Permission is null) ErrorAssert.IsError(response, 403, "forbidden", naming: "admin");
                else if (access.Permission == permission) AssertAllowed(response, access, permission);
                else if (access.Permission != AnyPermission) AssertMissing(response, access.Permission);
            }
        }
    }

    [Fact]
    public async Task A_retiring_API_key_can_only_read_verify_and_expire_itself()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        (await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id))).EnsureStatus(HttpStatusCode.OK);
        foreach (var access in Table.Where(access => access.Permission is not null))
        {
            var response = await SendAsync(project.Client, access, project.Id);
            if (access.Permission == AnyPermission && access.Method == "DELETE")
                ErrorAssert.IsError(response, 403, "api_key_retiring");
            else if (access.Retiring) AssertAllowed(response, access, "a retiring API key");
            else ErrorAssert.IsError(response, 403, "api_key_retiring");
        }
    }

    [Fact]
    public async Task The_admin_key_may_call_exactly_the_operations_of_the_administrator()
    {
        using var admin = service.CreateAdminClient();
        foreach (var access in Table)
        {
            var response = await SendAsync(admin, access, UnknownIds.Project);
            if (access.Admin) AssertAllowed(response, access, "the admin key");
            else ErrorAssert.IsError(response, 403, "forbidden", naming: "API key of a project");
        }
    }

    [Fact]
    public async Task Every_operation_needs_a_credential()
    {
        using var anonymous = service.CreateAnonymousClient();
        foreach (var access in Table)
            ErrorAssert.IsError(await SendAsync(anonymous, access, UnknownIds.Project), 401, "unauthorized");
    }

    [Fact]
    public async Task No_operation_works_with_an_API_key_of_a_disabled_project()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        (await admin.SendAsync(HttpMethod.Post, Routes.DisableProject(project.Id))).EnsureStatus(HttpStatusCode.OK);
        foreach (var access in Table.Where(access => access.Permission is not null))
            ErrorAssert.IsError(await SendAsync(project.Client, access, project.Id), 403, "project_disabled");
    }

    private static Task<ApiResponse> SendAsync(KeysClient client, Access access, string project)
    {
        var isProject = access.Path.StartsWith(Projects, StringComparison.Ordinal);
        var path = access.Path
            .Replace("{id}", isProject ? project : UnknownIds.VirtualKey, StringComparison.Ordinal)
            .Replace("{key_id}", UnknownIds.ApiKey, StringComparison.Ordinal)
            .Replace("{secret_id}", UnknownIds.Secret, StringComparison.Ordinal);

        // An unknown member is refused after the authorization, and before anything happens.
        return access.Method is "GET" or "DELETE"
            ? client.SendAsync(new HttpMethod(access.Method), path)
            : client.SendTextAsync(new HttpMethod(access.Method), path, """{"unknown":1}""");
    }

    private static void AssertAllowed(ApiResponse response, Access access, string who) => Assert.False(
        response.Status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized,
        $"{access} by {who}: {response.Body}");

    private static void AssertMissing(ApiResponse response, string permission)
    {
        ErrorAssert.IsError(response, 403, "missing_permissions", naming: permission);
        Assert.Equal(permission, Assert.Single(
            response.Json.GetProperty("missing_permissions").EnumerateArray()).GetString());
    }

    /// <summary>Who may call an operation.</summary>
    /// <param name="Method">The HTTP method.</param>
    /// <param name="Path">The path in the OpenAPI document.</param>
    /// <param name="Permission">The permission that an API key needs; null if no API key may call it.</param>
    /// <param name="Retiring">Whether a retiring API key may call it.</param>
    /// <param name="Admin">Whether the admin key may call it.</param>
    private sealed record Access(
        string Method, string Path, string? Permission, bool Retiring = false, bool Admin = false)
    {
        public override string ToString() => $"{Method} {Path}";
    }
}

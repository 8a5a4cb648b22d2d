using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Projects;
using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Authentication;

/// <summary>
/// Who may call which operation: every operation of the OpenAPI document with an API key that has a single permission,
/// with one that is retiring, and with the admin key. An operation that the table does not contain fails.
/// </summary>
[Collection(SqliteService.CollectionName)]
public sealed class PermissionTableTests(SqliteService service)
{
    [Fact]
    public async Task The_table_contains_every_operation()
    {
        using var client = service.CreateAnonymousClient();
        var document = (await client.SendAsync(HttpMethod.Get, "/openapi/v1.json")).Json;
        var operations =
            from path in document.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            select $"{operation.Name.ToUpperInvariant()} {path.Name}";
        Assert.Equal(OperationTable.All.Select(operation => operation.ToString()).Order(), operations.Order());
    }

    [Fact]
    public async Task An_API_key_may_do_exactly_what_its_permission_allows()
    {
        using var project = await service.CreateProjectAsync();
        foreach (var permission in Permissions.All)
        {
            var (_, _, client) = await service.CreateApiKeyAsync(project.Id, [permission]);
            using var _ = client;
            foreach (var operation in OperationTable.All)
            {
                var response = await SendAsync(client, operation, project.Id);
                if (operation.Permission is null) ErrorAssert.IsError(response, 403, "forbidden", naming: "admin");
                else if (operation.Permission == permission) AssertAllowed(response, operation, permission);
                else if (operation.Permission != OperationTable.AnyPermission)
                    AssertMissing(response, operation.Permission);
                else if (operation.Method == "GET") response.EnsureStatus(HttpStatusCode.OK);

                // The table has ids of other secrets, and an API key expires only its own without the permission.
                else if (permission != "apiKeys:manage") AssertMissing(response, "apiKeys:manage");
                else AssertAllowed(response, operation, permission);
            }
        }
    }

    [Fact]
    public async Task A_retiring_API_key_can_only_read_verify_and_expire_itself()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        (await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id))).EnsureStatus(HttpStatusCode.OK);
        foreach (var operation in OperationTable.All.Where(operation => operation.Permission is not null))
        {
            var response = await SendAsync(project.Client, operation, project.Id);
            if (operation.Permission == OperationTable.AnyPermission && operation.Method == "DELETE")
                ErrorAssert.IsError(response, 403, "api_key_retiring");
            else if (operation.Retiring) AssertAllowed(response, operation, "a retiring API key");
            else ErrorAssert.IsError(response, 403, "api_key_retiring");
        }
    }

    [Fact]
    public async Task The_admin_key_may_call_exactly_the_operations_of_the_administrator()
    {
        using var admin = service.CreateAdminClient();
        foreach (var operation in OperationTable.All)
        {
            var response = await SendAsync(admin, operation, UnknownIds.Project);
            if (operation.Admin) AssertAllowed(response, operation, "the admin key");
            else ErrorAssert.IsError(response, 403, "forbidden", naming: "API key of a project");
        }
    }

    [Fact]
    public async Task Every_operation_needs_a_credential()
    {
        using var anonymous = service.CreateAnonymousClient();
        foreach (var operation in OperationTable.All)
            ErrorAssert.IsError(await SendAsync(anonymous, operation, UnknownIds.Project), 401, "unauthorized");
    }

    [Fact]
    public async Task No_operation_works_with_an_API_key_of_a_disabled_project()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        (await admin.SendAsync(HttpMethod.Post, Routes.DisableProject(project.Id))).EnsureStatus(HttpStatusCode.OK);
        foreach (var operation in OperationTable.All.Where(operation => operation.Permission is not null))
            ErrorAssert.IsError(await SendAsync(project.Client, operation, project.Id), 403, "project_disabled");
    }

    private static Task<ApiResponse> SendAsync(KeysClient client, Operation operation, string project)
    {
        var path = operation.GetPath(project);

        // An unknown member is refused after the authorization, and before anything happens.
        return operation.Method is "GET" or "DELETE"
            ? client.SendAsync(operation.HttpMethod, path)
            : client.SendTextAsync(operation.HttpMethod, path, """{"unknown":1}""");
    }

    private static void AssertAllowed(ApiResponse response, Operation operation, string who) => Assert.False(
        response.Status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized,
        $"{operation} by {who}: {response.Body}");

    private static void AssertMissing(ApiResponse response, string permission)
    {
        ErrorAssert.IsError(response, 403, "missing_permissions", naming: permission);
        Assert.Equal(permission, Assert.Single(
            response.Json.GetProperty("missing_permissions").EnumerateArray()).GetString());
    }
}

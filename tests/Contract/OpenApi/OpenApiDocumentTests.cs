using System.Globalization;
using KeysCluster.Contract.Tests.Authentication;
using KeysCluster.Contract.Tests.Rotation;
using KeysCluster.Contract.Tests.Services;
using Microsoft.OpenApi;
using NJsonSchema;

namespace KeysCluster.Contract.Tests.OpenApi;

/// <summary>The OpenAPI document that the service generates. It is the same on every storage.</summary>
[Collection(SqliteService.CollectionName)]
public sealed class OpenApiDocumentTests(SqliteService service)
{
    private const string VirtualKeyPath = Routes.VirtualKeys + "/{id}";
    private const string ProjectPath = Routes.Projects + "/{id}";
    private const string WebhookPath = Routes.Webhooks + "/{id}";
    private const string ApiKeysPath = ProjectPath + "/api-keys";
    private const string ApiKeyPath = ApiKeysPath + "/{key_id}";

    private static readonly string[] CommonStatuses =
        ["400", "401", "403", "408", "413", "415", "422", "429", "500", "503"];

    /// <summary>Each operation with its statuses, except the common ones.</summary>
    public static TheoryData<string, string, string> Operations() => new()
    {
        { Routes.VirtualKeys, "GET", "200" },
        { Routes.VirtualKeys, "POST", "201 409" },
        { Routes.VirtualKeys + "/import", "POST", "200" },
        { VirtualKeyPath, "GET", "200 404" },
        { VirtualKeyPath, "PATCH", "200 404 409" },
        { VirtualKeyPath + "/rotate", "POST", "200 404 409" },
        { VirtualKeyPath + "/revoke", "POST", "200 404" },
        { VirtualKeyPath + "/disable", "POST", "200 404" },
        { VirtualKeyPath + "/enable", "POST", "200 404" },
        { VirtualKeyPath + "/spend", "GET", "404 412" },
        { VirtualKeyPath + "/retiring-secrets", "DELETE", "200 404" },
        { VirtualKeyPath + "/retiring-secrets/{secret_id}", "DELETE", "200 404" },
        { VirtualKeyPath + "/retiring-secrets/{secret_id}", "PATCH", "200 404" },
        { VirtualKeyPath + "/events", "GET", "200 404" },
        { Routes.Verify, "POST", "200" },
        { Routes.Verifications, "GET", "200" },
        { Routes.Events, "GET", "200 404" },
        { Routes.AllEvents, "GET", "200" },
        { Routes.Webhooks, "GET", "200 404" },
        { Routes.Webhooks, "POST", "201 409" },
        { WebhookPath, "GET", "200 404" },
        { WebhookPath, "PATCH", "200 404" },
        { WebhookPath, "DELETE", "204 404" },
        { WebhookPath + "/rotate-secret", "POST", "200 404 409" },
        { WebhookPath + "/test", "POST", "200 404" },
        { WebhookPath + "/redeliver", "POST", "202 404" },
        { WebhookPath + "/deliveries", "GET", "200 404" },
        { WebhookPath + "/deliveries/{delivery_id}", "GET", "200 404" },
        { WebhookPath + "/deliveries/{delivery_id}/redeliver", "POST", "200 404" },
        { Routes.Projects, "GET", "200" },
        { Routes.Projects, "POST", "201 409" },
        { ProjectPath, "GET", "200 404" },
        { ProjectPath, "PATCH", "200 404" },
        { ProjectPath, "DELETE", "200 404" },
        { ProjectPath + "/disable", "POST", "200 404" },
        { ProjectPath + "/enable", "POST", "200 404" },
        { ProjectPath + "/erase", "POST", "202 404 409" },
        { ProjectPath + "/rotate-api-key", "POST", "200 404 409" },
        { ProjectPath + "/retiring-api-keys", "DELETE", "200 404" },
        { ProjectPath + "/retiring-api-keys/{secret_id}", "DELETE", "200 404" },
        { ProjectPath + "/retiring-api-keys/{secret_id}", "PATCH", "200 404" },
        { ApiKeysPath, "GET", "200 404" },
        { ApiKeysPath, "POST", "201 404 409" },
        { ApiKeyPath, "GET", "200 404" },
        { ApiKeyPath, "PATCH", "200 404" },
        { ApiKeyPath, "DELETE", "204 404" },
        { ApiKeyPath + "/rotate", "POST", "200 404 409" },
        { ApiKeyPath + "/retiring-secrets", "DELETE", "200 404" },
        { ApiKeyPath + "/retiring-secrets/{secret_id}", "DELETE", "200 404" },
        { ApiKeyPath + "/retiring-secrets/{secret_id}", "PATCH", "200 404" },
        { Routes.WhoAmI, "GET", "200" },
    };

    [Fact]
    public async Task The_document_is_valid_OpenAPI_and_lists_exactly_the_API_routes()
    {
        var document = await GetDocumentAsync();
        var documented = document.Paths
            .SelectMany(path => path.Value.Operations!.Keys.Select(method => $"{method} {path.Key}"));
        var expected = Operations().Select(row => (object[])row).Select(row => $"{row[1]} {row[0]}");
        Assert.Equal(expected.Order(), documented.Order());
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Every_operation_documents_its_statuses_and_errors_use_the_error_schema(
        string path, string method, string statuses)
    {
        var responses = (await GetOperationAsync(path, method)).Responses!;
        Assert.Equal(statuses.Split(' ').Concat(CommonStatuses).Order(), responses.Keys.Order());
        foreach (var (status, response) in responses)
        {
            if (status == "204") continue;
            string[] contentTypes = status == "200" && path.EndsWith("/events", StringComparison.Ordinal)
                ? ["application/json", "application/x-ndjson"]
                : ["application/json"];
            Assert.Equal(contentTypes, response.Content!.Keys.Order());
            var schema = response.Content["application/json"].Schema!;
            if (int.Parse(status, CultureInfo.InvariantCulture) < 400) continue;
            Assert.Equal(["code", "error", "message"], schema.Required!.Order());
            Assert.All(schema.Required!, name =>
                Assert.Equal(JsonSchemaType.String, schema.Properties![name].Type));
        }
    }

    [Fact]
    public async Task Every_operation_states_who_may_call_it_and_how_it_refuses_others()
    {
        var document = await GetDocumentAsync();
        foreach (var row in OperationTable.All)
        {
            var operation = document.Paths[row.Path].Operations![row.HttpMethod];
            var refusals = operation.Responses!["403"].Content!["application/json"].Examples!;
            var missing = refusals.TryGetValue("missing_permissions", out var example)
                ? example.Value!["missing_permissions"]![0]!.ToString()
                : null;
            var isPermission = row.Permission is not (null or OperationTable.AnyPermission);
            if (isPermission) Assert.Contains($"`{row.Permission}`", operation.Description, StringComparison.Ordinal);
            var expected = row.Method == "DELETE" && !isPermission ? "apiKeys:manage" : row.Permission;
            if (row.Permission is null || row.Path == Routes.WhoAmI) expected = null;
            Assert.Equal(expected, missing);
            Assert.Equal(
                row.Admin, operation.Description!.Contains("admin key", StringComparison.OrdinalIgnoreCase));
            Assert.Equal(row.Permission is not null, refusals.ContainsKey("project_disabled"));
            Assert.Equal(row.Permission is null || !row.Admin, refusals.ContainsKey("forbidden"));
        }
    }

    [Fact]
    public async Task Requests_have_no_other_members_and_list_those_that_are_accepted_and_not_kept()
    {
        var document = await GetDocumentAsync();
        var requests = document.Paths.Values.SelectMany(path => path.Operations!.Values)
            .Where(operation => operation.RequestBody is not null)
            .Select(operation => operation.RequestBody!.Content!["application/json"].Schema!);
        Assert.All(requests, request => Assert.False(request.AdditionalPropertiesAllowed));

        (string Path, string Method, string[] Members)[] unsupported =
        [
            (Routes.VirtualKeys, "POST", ["scopes", "purpose", "organization_id", "budget", "routing_mode"]),
            (VirtualKeyPath, "PATCH", ["scopes", "trace_project_id", "routing_policy_id", "routing_mode"]),
            (Routes.Projects, "POST", ["newTeamName"]),
            (ProjectPath, "PATCH", ["piiRedactionLevel"]),
        ];
        foreach (var (path, method, members) in unsupported)
        {
            var operation = await GetOperationAsync(path, method);
            Assert.Subset(
                operation.RequestBody!.Content!["application/json"].Schema!.Properties!.Keys.ToHashSet(),
                members.ToHashSet());
            var errors = operation.Responses!["422"].Content!["application/json"].Examples!;
            Assert.Contains("unsupported_member", errors.Keys);
        }
    }

    [Theory]
    [InlineData(Routes.VirtualKeys, "limit", JsonSchemaType.Integer, "200", null)]
    [InlineData(Routes.VirtualKeys, "has_retiring_secrets", JsonSchemaType.Boolean, null, null)]
    [InlineData(Routes.VirtualKeys, "status", JsonSchemaType.String, null, "active disabled revoked")]
    [InlineData(Routes.VirtualKeys, "environment", JsonSchemaType.String, null, "live test")]
    [InlineData(Routes.Projects, "page", JsonSchemaType.Integer, "1000000", null)]
    [InlineData(Routes.Projects, "status", JsonSchemaType.String, null, "archived")]
    [InlineData(Routes.Events, "limit", JsonSchemaType.Integer, "200", null)]
    [InlineData(Routes.Events, "order", JsonSchemaType.String, null, "asc desc")]
    public async Task Query_parameters_document_their_values(
        string path, string name, JsonSchemaType type, string? maximum, string? values)
    {
        var parameters = (await GetOperationAsync(path, "GET")).Parameters!;
        var schema = parameters.Single(parameter => parameter.Name == name).Schema!;
        Assert.Equal(type, schema.Type);
        Assert.Equal((maximum is null ? null : "1", maximum), (schema.Minimum, schema.Maximum));
        Assert.Equal(values, schema.Enum is { Count: > 0 } list ? string.Join(' ', list) : null);
    }

    [Fact]
    public async Task Each_way_to_send_a_key_is_a_security_scheme()
    {
        var document = await GetDocumentAsync();
        Assert.Equal(
            ["basic", "bearer", "project_api_key"], document.Components!.SecuritySchemes!.Keys.Order());
        Assert.Equal(3, document.Security!.Count);
    }

    [Fact]
    public async Task Operation_ids_are_unique_and_every_request_body_has_a_named_schema()
    {
        var document = await GetDocumentAsync();
        var operations = document.Paths.Values.SelectMany(path => path.Operations!.Values).ToArray();
        Assert.Equal(operations.Length, operations.Select(operation => operation.OperationId).Distinct().Count());

        var requests = operations.Where(operation => operation.RequestBody is not null)
            .Select(operation => operation.RequestBody!.Content!["application/json"].Schema)
            .Select(schema => Assert.IsType<OpenApiSchemaReference>(schema).Reference.Id).ToArray();
        Assert.Equal(20, requests.Length);

        // Virtual keys, projects, API keys and webhooks share the schema of rotating a secret, and all but webhooks
        // that of changing a deadline.
        Assert.Equal(requests.Length - 5, requests.Distinct().Count());
    }

    [Theory]
    [InlineData(Routes.VirtualKeys, "POST"), InlineData(VirtualKeyPath, "PATCH")]
    [InlineData(ApiKeysPath, "POST"), InlineData(ApiKeyPath, "PATCH")]
    public async Task An_expiry_is_documented_as_a_text_or_a_number(string path, string method)
    {
        var expiry = (await GetRequestAsync(path, method)).Properties!["expires_at"];
        Assert.Equal(JsonSchemaType.String | JsonSchemaType.Integer | JsonSchemaType.Null, expiry.Type);
        Assert.Null(expiry.Format);
        Assert.Contains("milliseconds since 1970", expiry.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Routes.VirtualKeys, "POST"), InlineData(VirtualKeyPath, "PATCH")]
    public async Task The_limits_of_metadata_are_documented(string path, string method)
    {
        var metadata = (await GetRequestAsync(path, method)).Properties!["metadata"];
        Assert.Equal(40, metadata.MaxProperties);
        Assert.Equal(500, metadata.AdditionalProperties!.MaxLength);
        Assert.Contains("keys of 1 to 64 characters", metadata.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rotate_operation_has_the_operation_id_and_statuses_of_the_contract()
    {
        var contract = await RotateContract.LoadAsync();
        var operation = await GetOperationAsync(VirtualKeyPath + "/rotate", "POST");
        Assert.Equal(contract.OperationId, operation.OperationId);
        foreach (var status in contract.Statuses)
            Assert.Contains(status.ToString(CultureInfo.InvariantCulture), operation.Responses!.Keys);
        Assert.NotEqual(true, operation.RequestBody?.Required);
        var required = operation.Parameters!.Where(parameter => parameter.Required);
        Assert.Equal(["id"], required.Select(parameter => parameter.Name));
    }

    [Fact]
    public async Task The_rotate_response_schema_requires_the_members_and_types_of_the_contract()
    {
        var contract = (await RotateContract.LoadAsync()).GetSchema(200);
        var operation = await GetOperationAsync(VirtualKeyPath + "/rotate", "POST");
        var documented = operation.Responses!["200"].Content!["application/json"].Schema!;
        AssertSchemaCovers(contract, documented);
        var key = contract.Properties["virtual_key"];
        Assert.Equal(11, key.RequiredProperties.Count);
        AssertSchemaCovers(key, documented.Properties!["virtual_key"]);
    }

    private static void AssertSchemaCovers(JsonSchema contract, IOpenApiSchema documented)
    {
        Assert.Subset(documented.Required!.ToHashSet(), contract.RequiredProperties.ToHashSet());
        foreach (var (name, property) in contract.Properties)
        {
            var schema = documented.Properties![name];
            Assert.Equal(
                property.Type.HasFlag(JsonObjectType.Null), schema.Type?.HasFlag(JsonSchemaType.Null) ?? false);
            if (property.Type.HasFlag(JsonObjectType.String))
                Assert.True(schema.Type?.HasFlag(JsonSchemaType.String), $"{name} is not documented as a string.");
            if (property.Type.HasFlag(JsonObjectType.Array))
                Assert.Equal(JsonSchemaType.String, schema.Items!.Type);

            // All operations share the schema of virtual keys, so it also has values that this one does not return.
            if (property.IsEnumeration)
            {
                Assert.Subset(
                    schema.Enum!.Select(value => value.ToString()).ToHashSet(),
                    property.Enumeration.Select(value => value!.ToString()!).ToHashSet());
            }
        }
    }

    private async Task<IOpenApiSchema> GetRequestAsync(string path, string method) =>
        (await GetOperationAsync(path, method)).RequestBody!.Content!["application/json"].Schema!;

    private async Task<OpenApiOperation> GetOperationAsync(string path, string method) =>
        (await GetDocumentAsync()).Paths[path].Operations![new HttpMethod(method)];

    private async Task<OpenApiDocument> GetDocumentAsync()
    {
        using var client = service.CreateAnonymousClient();
        var response = await client.SendAsync(HttpMethod.Get, "/openapi/v1.json");
        response.EnsureStatus(HttpStatusCode.OK);
        var (document, diagnostic) = OpenApiDocument.Parse(response.Body, "json");
        Assert.Empty(diagnostic!.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, diagnostic.SpecificationVersion);
        return document!;
    }
}

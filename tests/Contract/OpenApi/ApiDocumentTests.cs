using System.Globalization;
using KeysCluster.Contract.Rotation;
using KeysCluster.Contract.Services;
using Microsoft.OpenApi;
using NJsonSchema;

namespace KeysCluster.Contract.OpenApi;

/// <summary>The document that the service makes of itself. It does not depend on the storage.</summary>
[Collection(SqliteService.Storage)]
public sealed class ApiDocumentTests(SqliteService service)
{
    private const string Key = Routes.VirtualKeys + "/{id}";
    private const string Project = Routes.Projects + "/{id}";

    private static readonly string[] Common = ["401", "403", "429", "500", "503"];

    /// <summary>Each call, and its statuses besides those of all calls.</summary>
    public static TheoryData<string, string, string> Calls() => new()
    {
        { Routes.VirtualKeys, "GET", "200 422" },
        { Routes.VirtualKeys, "POST", "201 400 409 413 415 422" },
        { Key, "GET", "200 404" },
        { Key, "PATCH", "200 400 404 413 415 422" },
        { Key + "/rotate", "POST", "200 400 404 409 413 415 422" },
        { Key + "/revoke", "POST", "200 400 404 413 415 422" },
        { Key + "/disable", "POST", "200 400 404 413 415 422" },
        { Key + "/enable", "POST", "200 400 404 413 415 422" },
        { Key + "/retiring-secrets", "DELETE", "200 400 404" },
        { Key + "/retiring-secrets/{secret_id}", "DELETE", "200 400 404" },
        { Key + "/retiring-secrets/{secret_id}", "PATCH", "200 400 404 413 415 422" },
        { Routes.Verify, "POST", "200 400 413 415 422" },
        { Routes.Projects, "GET", "200 422" },
        { Routes.Projects, "POST", "201 400 409 413 415 422" },
        { Project, "GET", "200 404" },
        { Project + "/rotate-api-key", "POST", "200 400 404 409 413 415 422" },
        { Project + "/retiring-api-keys", "DELETE", "200 404" },
        { Project + "/retiring-api-keys/{secret_id}", "DELETE", "200 404" },
        { Project + "/retiring-api-keys/{secret_id}", "PATCH", "200 400 404 413 415 422" },
    };

    [Fact]
    public async Task The_document_is_OpenAPI_without_errors_and_lists_exactly_the_routes_of_the_API()
    {
        var document = await LoadAsync();
        var described = document.Paths.SelectMany(path => path.Value.Operations!.Keys.Select(method => $"{method} {path.Key}"));
        var expected = Calls().Select(row => (object[])row).Select(row => $"{row[1]} {row[0]}");
        Assert.Equal(expected.Order(), described.Order());
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Each_call_tells_its_statuses_and_every_failure_has_the_error_schema(string path, string method, string own)
    {
        var responses = (await OperationAsync(path, method)).Responses!;
        Assert.Equal(own.Split(' ').Concat(Common).Order(), responses.Keys.Order());
        foreach (var (status, response) in responses)
        {
            var schema = Assert.Single(response.Content!, content => content.Key == "application/json").Value.Schema!;
            if (int.Parse(status, CultureInfo.InvariantCulture) < 400) continue;
            Assert.Equal(["error", "message"], schema.Required!.Order());
            Assert.All(schema.Properties!.Values, property => Assert.Equal(JsonSchemaType.String, property.Type));
        }
    }

    [Fact]
    public async Task Operation_ids_are_unique_and_requests_have_schemas_of_their_own()
    {
        var document = await LoadAsync();
        var operations = document.Paths.Values.SelectMany(path => path.Operations!.Values).ToArray();
        Assert.Equal(operations.Length, operations.Select(operation => operation.OperationId).Distinct().Count());

        var requests = operations.Where(operation => operation.RequestBody is not null)
            .Select(operation => operation.RequestBody!.Content!["application/json"].Schema)
            .Select(schema => Assert.IsType<OpenApiSchemaReference>(schema).Reference.Id).ToArray();
        Assert.Equal(11, requests.Length);

        // Keys and projects share those of rotating a secret and of moving a deadline.
        Assert.Equal(requests.Length - 2, requests.Distinct().Count());
    }

    [Fact]
    public async Task Rotate_has_the_contracts_operation_id_and_statuses()
    {
        var contract = await RotateContract.LoadAsync();
        var operation = await OperationAsync(Key + "/rotate", "POST");
        Assert.Equal(contract.OperationId, operation.OperationId);
        foreach (var status in contract.Statuses)
            Assert.Contains(status.ToString(CultureInfo.InvariantCulture), operation.Responses!.Keys);
        Assert.NotEqual(true, operation.RequestBody?.Required);
        Assert.Equal(["id"], operation.Parameters!.Where(parameter => parameter.Required).Select(parameter => parameter.Name));
    }

    [Fact]
    public async Task Rotates_answer_requires_what_the_contract_requires_with_the_same_types()
    {
        var answer = (await RotateContract.LoadAsync()).SchemaOf(200);
        var described = (await OperationAsync(Key + "/rotate", "POST")).Responses!["200"].Content!["application/json"].Schema!;
        HasAllOf(answer, described);
        var key = answer.Properties["virtual_key"];
        Assert.Equal(11, key.RequiredProperties.Count);
        HasAllOf(key, described.Properties!["virtual_key"]);
    }

    private static void HasAllOf(JsonSchema contract, IOpenApiSchema described)
    {
        Assert.Subset(described.Required!.ToHashSet(), contract.RequiredProperties.ToHashSet());
        foreach (var (name, property) in contract.Properties)
        {
            var own = described.Properties![name];
            Assert.Equal(property.Type.HasFlag(JsonObjectType.Null), own.Type?.HasFlag(JsonSchemaType.Null) ?? false);
            if (property.Type.HasFlag(JsonObjectType.String))
                Assert.True(own.Type?.HasFlag(JsonSchemaType.String), $"{name} is not said to be a string.");
            if (property.Type.HasFlag(JsonObjectType.Array))
                Assert.Equal(JsonSchemaType.String, own.Items!.Type);
            if (property.IsEnumeration)
                Assert.Equal(property.Enumeration.Select(value => value!.ToString()).Order(), own.Enum!.Select(value => value.ToString()).Order());
        }
    }

    private async Task<OpenApiOperation> OperationAsync(string path, string method) =>
        (await LoadAsync()).Paths[path].Operations![new HttpMethod(method)];

    private async Task<OpenApiDocument> LoadAsync()
    {
        using var stranger = service.CreateStranger();
        var answer = await stranger.SendAsync(HttpMethod.Get, "/openapi/v1.json");
        answer.Expect(HttpStatusCode.OK);
        var (document, diagnostic) = OpenApiDocument.Parse(answer.Body, "json");
        Assert.Empty(diagnostic!.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, diagnostic.SpecificationVersion);
        return document!;
    }
}

using System.Globalization;
using KeysCluster.TestKit;
using NJsonSchema;
using YamlDotNet.Serialization;

namespace KeysCluster.Contract.Rotation;

/// <summary>The file that states the rotate call, as schemas to hold real answers against.</summary>
internal sealed class RotateContract
{
    public const string Path = "/api/gateway/v1/virtual-keys/{id}/rotate";

    private readonly Dictionary<int, JsonSchema> _schemas;

    private RotateContract(string operationId, Dictionary<int, JsonSchema> schemas) =>
        (OperationId, _schemas) = (operationId, schemas);

    public string OperationId { get; }

    /// <summary>The statuses that the file knows.</summary>
    public IReadOnlyCollection<int> Statuses => _schemas.Keys;

    public static async Task<RotateContract> LoadAsync()
    {
        using var yaml = File.OpenText(Repository.RotateContractFile);
        var content = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(yaml);
        using var file = JsonDocument.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(content!));
        var operation = file.RootElement.GetProperty("paths").GetProperty(Path).GetProperty("post");

        var schemas = new Dictionary<int, JsonSchema>();
        foreach (var response in operation.GetProperty("responses").EnumerateObject())
        {
            var schema = response.Value.GetProperty("content").GetProperty("application/json").GetProperty("schema");
            schemas.Add(
                int.Parse(response.Name, CultureInfo.InvariantCulture), await JsonSchema.FromJsonAsync(schema.GetRawText()));
        }

        return new RotateContract(operation.GetProperty("operationId").GetString()!, schemas);
    }

    /// <summary>The schema of a status; that of errors, which all share one, when the file does not know the status.</summary>
    public JsonSchema GetSchema(int status) => _schemas.GetValueOrDefault(status) ?? _schemas[400];

    /// <summary>What a body breaks of the schema of its status.</summary>
    public IReadOnlyList<string> GetViolations(int status, string body) =>
        [.. GetSchema(status).Validate(body).Select(error => $"{error.Path}: {error.Kind}")];
}

using System.Text.Json.Nodes;

namespace KeysCluster.Contract.Tests.Rotation;

/// <summary>Verifies that validation against the contract rejects invalid responses.</summary>
public sealed class RotateContractTests
{
    private const string ValidResponse = """
        {"secret":"s","virtual_key":{"id":"i","display_prefix":"p","name":"n","description":null,"environment":"live",
        "status":"active","principal_user_id":null,"provider_credential_ids":["a"],"revision":"1","last_used_at":null,
        "created_at":"2026-01-01T00:00:00.000Z","unknown_member":1}}
        """;

    [Fact]
    public async Task The_contract_defines_five_statuses() =>
        Assert.Equal([200, 400, 401, 422, 500], (await RotateContract.LoadAsync()).Statuses.Order());

    [Fact]
    public async Task A_response_with_every_required_member_and_additional_ones_is_valid() =>
        Assert.Empty((await RotateContract.LoadAsync()).GetViolations(200, ValidResponse));

    [Theory]
    [InlineData("id"), InlineData("display_prefix"), InlineData("name"), InlineData("description")]
    [InlineData("environment"), InlineData("status"), InlineData("principal_user_id"), InlineData("revision")]
    [InlineData("provider_credential_ids"), InlineData("last_used_at"), InlineData("created_at")]
    public async Task A_response_without_a_required_member_of_the_key_is_invalid(string member)
    {
        var response = JsonNode.Parse(ValidResponse)!;
        response["virtual_key"]!.AsObject().Remove(member);
        Assert.NotEmpty((await RotateContract.LoadAsync()).GetViolations(200, response.ToJsonString()));
    }

    [Theory]
    [InlineData("id", "1"), InlineData("id", "null"), InlineData("name", "null"), InlineData("description", "1")]
    [InlineData("environment", "\"staging\""), InlineData("environment", "null"), InlineData("status", "\"disabled\"")]
    [InlineData("status", "0"), InlineData("principal_user_id", "{}"), InlineData("provider_credential_ids", "null")]
    [InlineData("provider_credential_ids", "[1]"), InlineData("revision", "2"), InlineData("last_used_at", "0")]
    [InlineData("created_at", "null"), InlineData("display_prefix", "[]")]
    public async Task A_response_with_a_member_of_the_wrong_type_or_value_is_invalid(string member, string value)
    {
        var response = JsonNode.Parse(ValidResponse)!;
        response["virtual_key"]![member] = JsonNode.Parse(value);
        Assert.NotEmpty((await RotateContract.LoadAsync()).GetViolations(200, response.ToJsonString()));
    }

    [Theory]
    [InlineData(200, """{"secret":"s"}"""), InlineData(200, "[]"), InlineData(200, "null")]
    [InlineData(400, "{}"), InlineData(401, """{"error":1}"""), InlineData(422, """{"error":"e","message":null}""")]
    [InlineData(500, """{"message":"m"}"""), InlineData(404, """{"message":"m"}""")]
    public async Task A_body_with_another_shape_is_invalid(int status, string body) =>
        Assert.NotEmpty((await RotateContract.LoadAsync()).GetViolations(status, body));
}

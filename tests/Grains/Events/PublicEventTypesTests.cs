using System.Reflection;
using KeysCluster.Grains.Events;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Storage;

namespace KeysCluster.Grains.Tests.Events;

/// <summary>The public types of events. They are a part of the API and never change.</summary>
public sealed class PublicEventTypesTests
{
    private static readonly string[] StoredTypes =
    [
        .. typeof(EventTypes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!),
        "altered", "deleted", "a_type_of_a_newer_build",
    ];

    [Fact]
    public void Every_stored_type_has_a_public_one_that_finds_it()
    {
        string[] stateNames = [StorageNames.VirtualKey, StorageNames.Project];
        var types = stateNames.SelectMany(stateName => StoredTypes.Select(type => (stateName, type))).ToList();

        Assert.All(types, stored =>
        {
            Assert.True(PublicEventTypes.TryParse(
                PublicEventTypes.Format(stored.stateName, stored.type), out var stateName, out var type));
            Assert.Equal(stored, (stateName, type));
        });
        Assert.Equal(
            types.Count,
            types.Select(stored => PublicEventTypes.Format(stored.stateName, stored.type)).Distinct().Count());
    }

    [Theory]
    [InlineData("virtual-key", "created", "virtual_key.created")]
    [InlineData("virtual-key", "cut", "virtual_key.retiring_secrets_expired")]
    [InlineData("virtual-key", "deadline_moved", "virtual_key.deadline_changed")]
    [InlineData("virtual-key", "altered", "virtual_key.altered")]
    [InlineData("virtual-key", "api_key_created", "virtual_key.api_key_created")]
    [InlineData("project", "created", "project.created")]
    [InlineData("project", "rotated", "api_key.rotated")]
    [InlineData("project", "cut", "api_key.retiring_secrets_expired")]
    [InlineData("project", "deadline_moved", "api_key.deadline_changed")]
    [InlineData("project", "erased", "api_key.erased")]
    [InlineData("project", "project_erased", "project.erased")]
    [InlineData("project", "api_key_created", "api_key.created")]
    public void A_stored_type_has_this_public_one(string stateName, string stored, string expected)
    {
        Assert.Equal(expected, PublicEventTypes.Format(stateName, stored));
        Assert.True(PublicEventTypes.TryParse(expected, out var parsedStateName, out var type));
        Assert.Equal((stateName, stored), (parsedStateName, type));
    }

    [Theory]
    [InlineData("virtual_key.cut")]
    [InlineData("project.deadline_moved")]
    [InlineData("project.rotated")]
    [InlineData("project.api_key_created")]
    [InlineData("other.created")]
    [InlineData("created")]
    [InlineData("")]
    public void Any_other_text_is_not_a_public_type(string text) =>
        Assert.False(PublicEventTypes.TryParse(text, out _, out _));
}

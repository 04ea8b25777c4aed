{{!-- The schema of a node: the target's own, or `<target schema>_<+schema>` when the node sets one; on a target with
`schema_naming: plain` the node's alone. A project's macro of the same name takes its place. --}}
{{#*macro generate_schema_name custom_schema_name=null node=null}}
{{#if (not custom_schema_name)}}
{{target.schema}}
{{else if (eq (get target "schema_naming" "") "plain")}}
{{trim custom_schema_name}}
{{else}}
{{target.schema}}_{{trim custom_schema_name}}
{{/if}}
{{/macro}}

{{!-- The name of a node's table: its `alias`, or its own name, with the version behind it (`orders_v2`). A project's macro of the
same name takes its place. --}}
{{#*macro generate_alias_name custom_alias_name=null node=null}}
{{#if custom_alias_name}}
{{trim custom_alias_name}}
{{else if (get node "version" "")}}
{{get node "name"}}_v{{replace (string (get node "version")) "." "_"}}
{{else}}
{{get node "name"}}
{{/if}}
{{/macro}}
